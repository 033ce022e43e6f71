package io.ullage.spill.internal.store;

import io.ullage.spill.SpillDamageException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The header in front of each entry in a segment file.
 *
 * <pre>
 *    0        4    6    8         16         24           32       40            44           48      64
 *    +--------+----+----+---------+----------+------------+--------+-------------+------------+-------+
 *    | magic  | v  | 0  | queue   | sequence | generation | length | payload CRC | header CRC | zeros |
 *    +--------+----+----+---------+----------+------------+--------+-------------+------------+-------+
 * </pre>
 *
 * <p>Little-endian. Both checks are CRC32C; the header's covers bytes 0 to 43. Queue, sequence and
 * generation tell a slot that belongs here from one that an earlier use of the file left behind.
 * One thread at a time.
 */
final class SlotHeader {
  /** Size in bytes: one cache line, so that the payload behind it is aligned. */
  static final int BYTES = 64;

  static final int MAGIC = 0x534C_4C55;
  static final short VERSION = 1;

  private static final int SEQUENCE_OFFSET = 16;
  private static final int LENGTH_OFFSET = 32;
  private static final int PAYLOAD_CRC_OFFSET = 40;
  private static final int HEADER_CRC_OFFSET = 44;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CRC32C crc = new CRC32C();

  /**
   * Writes a header.
   *
   * @param memory native memory that holds the header at {@code offset}
   * @param bytes a view of the same memory; its position and limit are changed
   */
  void write(
      MemorySegment memory,
      ByteBuffer bytes,
      int offset,
      long queueId,
      long sequence,
      long generation,
      long length,
      int payloadCrc) {
    memory.set(INT, offset, MAGIC);
    memory.set(SHORT, offset + 4L, VERSION);
    memory.set(SHORT, offset + 6L, (short) 0);
    memory.set(LONG, offset + 8L, queueId);
    memory.set(LONG, offset + (long) SEQUENCE_OFFSET, sequence);
    memory.set(LONG, offset + 24L, generation);
    memory.set(LONG, offset + (long) LENGTH_OFFSET, length);
    memory.set(INT, offset + (long) PAYLOAD_CRC_OFFSET, payloadCrc);
    memory.set(INT, offset + (long) HEADER_CRC_OFFSET, crcOf(bytes, offset, HEADER_CRC_OFFSET));
    memory.set(LONG, offset + 48L, 0L);
    memory.set(LONG, offset + 56L, 0L);
  }

  /** Returns the CRC32C of a part of a buffer; its position and limit are changed. */
  int crcOf(ByteBuffer bytes, int offset, int length) {
    crc.reset();
    crc.update(bytes.limit(offset + length).position(offset));
    return (int) crc.getValue();
  }

  /** Returns the CRC32C of memory of any size. */
  int crcOf(MemorySegment memory) {
    crc.reset();
    for (long at = 0; at < memory.byteSize(); at += Integer.MAX_VALUE) {
      crc.update(
          memory.asSlice(at, Math.min(memory.byteSize() - at, Integer.MAX_VALUE)).asByteBuffer());
    }
    return (int) crc.getValue();
  }

  /**
   * Checks a header that was copied into private memory.
   *
   * @return the CRC32C that the payload must have
   * @throws SpillDamageException naming the first field that is not as expected
   */
  int check(
      MemorySegment header,
      ByteBuffer bytes,
      long queueId,
      long sequence,
      long generation,
      long length)
      throws SpillDamageException {
    if (header.get(INT, HEADER_CRC_OFFSET) != crcOf(bytes, 0, HEADER_CRC_OFFSET)) {
      throw new SpillDamageException(sequence, "the checksum of its header is wrong");
    }
    expect(sequence, "magic", MAGIC, header.get(INT, 0));
    expect(sequence, "version", VERSION, header.get(SHORT, 4));
    expect(sequence, "queue", queueId, header.get(LONG, 8));
    expect(sequence, "sequence", sequence, header.get(LONG, SEQUENCE_OFFSET));
    expect(sequence, "generation", generation, header.get(LONG, 24));
    expect(sequence, "length", length, header.get(LONG, LENGTH_OFFSET));
    return header.get(INT, PAYLOAD_CRC_OFFSET);
  }

  private static void expect(long sequence, String field, long expected, long found)
      throws SpillDamageException {
    if (expected != found) {
      throw new SpillDamageException(
          sequence, "the " + field + " in its header is " + found + ", expected is " + expected);
    }
  }
}
