package io.ullage.spill.internal.store;

import io.ullage.spill.SpillBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Puts headers before entries and writes both. One thread at a time. */
final class SlotWriter {
  private final long queueId;
  private final SlotHeader slotHeader = new SlotHeader();

  SlotWriter(long queueId) {
    this.queueId = queueId;
  }

  /** {@return the bytes that a batch takes in a file} */
  static long framedBytes(SpillBatch batch) {
    long bytes = 0;
    for (int i = 0; i < batch.count(); i++) {
      bytes += SpillBatch.framedSize(batch.byteSize(i));
    }
    return bytes;
  }

  /** Writes a batch to a place that was taken for it. */
  void write(SegmentFile file, long generation, long position, SpillBatch batch)
      throws IOException {
    MemorySegment frame = batch.frame().orElse(null);
    if (frame != null) {
      writeFrame(file, generation, position, batch, frame);
    } else {
      writeSingle(file, generation, position, batch);
    }
  }

  private void writeFrame(
      SegmentFile file, long generation, long position, SpillBatch batch, MemorySegment frame)
      throws IOException {
    ByteBuffer bytes = frame.asByteBuffer();
    int offset = 0;
    for (int i = 0; i < batch.count(); i++) {
      int length = (int) batch.byteSize(i);
      int crc = slotHeader.crcOf(bytes, offset + SlotHeader.BYTES, length);
      slotHeader.write(
          frame, bytes, offset, queueId, batch.firstSequence() + i, generation, length, crc);
      offset += (int) SpillBatch.framedSize(length);
    }
    file.write(bytes.clear(), position);
  }

  private void writeSingle(SegmentFile file, long generation, long position, SpillBatch batch)
      throws IOException {
    MemorySegment entry = batch.entry(0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(SlotHeader.BYTES, SlotHeader.BYTES);
      ByteBuffer headerBytes = header.asByteBuffer();
      int crc = slotHeader.crcOf(entry);
      slotHeader.write(
          header,
          headerBytes,
          0,
          queueId,
          batch.firstSequence(),
          generation,
          entry.byteSize(),
          crc);
      file.write(headerBytes.clear(), position);
    }
    long payload = position + SlotHeader.BYTES;
    for (long at = 0; at < entry.byteSize(); at += Integer.MAX_VALUE) {
      long part = Math.min(entry.byteSize() - at, Integer.MAX_VALUE);
      file.write(entry.asSlice(at, part).asByteBuffer(), payload + at);
    }
  }
}
