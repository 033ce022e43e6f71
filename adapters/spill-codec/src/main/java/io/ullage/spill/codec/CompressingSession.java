package io.ullage.spill.codec;

import io.airlift.compress.v3.Compressor;
import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/** One queue's use of a compressing store. */
final class CompressingSession implements SpillSession {
  private static final long LARGEST_BYTES = 1 << 30;

  private final CompressingStore store;
  private final SpillSession inner;
  private final Compressor compressor;
  private final Decoding decoding;
  private final Scratch frames;

  CompressingSession(CompressingStore store, SpillSession inner, Compression compression) {
    this.store = store;
    this.inner = inner;
    this.compressor = compression.compressor();
    this.decoding = new Decoding(new Scratch(store), compression.decompressor());
    this.frames = new Scratch(store);
  }

  @Override
  public long largestBatchBytes() {
    return inner.largestBatchBytes();
  }

  @Override
  public SpilledRun spill(SpillBatch batch) throws IOException {
    if (batch.frame().isEmpty() && batch.byteSize(0) > LARGEST_BYTES) {
      long[] sizes = {CompressedRun.asItIs(batch.byteSize(0))};
      return stored(batch, batch, sizes);
    }
    int count = batch.count();
    MemorySegment frame = frames.atLeast(boundBytes(batch));
    long[] storedSizes = new long[count];
    long[] sizes = new long[count];
    long offset = 0;
    MemorySegment entries = batch.frame().orElse(null);
    long entryOffset = SpillBatch.GAP_BYTES;
    for (int i = 0; i < count; i++) {
      long byteSize = batch.byteSize(i);
      MemorySegment entry =
          entries == null ? batch.entry(0) : entries.asSlice(entryOffset, byteSize);
      MemorySegment place = frame.asSlice(offset + SpillBatch.GAP_BYTES);
      storedSizes[i] = compress(entry, place);
      sizes[i] = storedSizes[i] < byteSize ? byteSize : CompressedRun.asItIs(byteSize);
      offset += SpillBatch.framedSize(storedSizes[i]);
      entryOffset += SpillBatch.framedSize(byteSize);
    }
    SpillBatch compressed =
        entries == null && sizes[0] < 0
            ? batch
            : SpillBatch.framed(
                batch.firstSequence(), frame.asSlice(0, offset), storedSizes, count);
    return stored(batch, compressed, sizes);
  }

  /** What the frame needs at most: the next entry's bound behind entries that did not shrink. */
  private long boundBytes(SpillBatch batch) {
    long sum = 0;
    long most = 0;
    for (int i = 0; i < batch.count(); i++) {
      int byteSize = Math.toIntExact(batch.byteSize(i));
      sum += SpillBatch.framedSize(byteSize);
      most = Math.max(most, compressor.maxCompressedLength(byteSize));
    }
    return sum + SpillBatch.framedSize(most);
  }

  /** Puts the smaller of both forms into its place; returns its size. */
  private long compress(MemorySegment entry, MemorySegment place) {
    long byteSize = entry.byteSize();
    if (byteSize > 0) {
      long bound = compressor.maxCompressedLength((int) byteSize);
      int compressed = compressor.compress(entry, place.asSlice(0, bound));
      if (compressed < byteSize) {
        return compressed;
      }
    }
    MemorySegment.copy(entry, 0, place, 0, byteSize);
    return byteSize;
  }

  private SpilledRun stored(SpillBatch batch, SpillBatch compressed, long[] sizes)
      throws IOException {
    SpilledRun run = inner.spill(compressed);
    for (int i = 0; i < run.takenEntries(); i++) {
      store.stored(batch.byteSize(i), compressed.byteSize(i));
    }
    return new CompressedRun(run, batch.firstSequence(), sizes);
  }

  @Override
  public int fetch(SpilledRun spilled, FetchTarget target) throws IOException {
    CompressedRun run = (CompressedRun) spilled;
    try {
      return inner.fetch(run.inner(), decoding.into(target, run));
    } catch (UncheckedIOException damage) {
      throw damage.getCause();
    }
  }

  @Override
  public long discardFirst(SpilledRun spilled, int entries) {
    CompressedRun run = (CompressedRun) spilled;
    long bytes = 0;
    int dropped = 0;
    for (; dropped < entries && run.hasNext(); dropped++) {
      bytes += run.nextBytes();
      run.advance();
    }
    inner.discardFirst(run.inner(), dropped);
    return bytes;
  }

  @Override
  public void release(SpilledRun spilled) {
    inner.release(((CompressedRun) spilled).inner());
  }

  @Override
  public StoreUsage usage() {
    return inner.usage();
  }

  @Override
  public void close() {
    inner.close();
    frames.close();
    decoding.close();
  }
}
