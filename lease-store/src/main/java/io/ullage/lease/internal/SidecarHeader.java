package io.ullage.lease.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The head of the sidecar file, the only part of a store that says what the rest is. Read and
 * written whole, by channel, under the header lock.
 *
 * <pre>
 *   0  magic            8 bytes, 0xFF "ULLAGE" 0xFE
 *   8  layout version   1
 *  16  boot id          16 bytes
 *  32  time namespace   inode
 *  40  entries          how many keys were asked for
 *  48  generation       number of the file with the records, 0 while there is none
 *  56  token ceiling    no token above it was ever drawn
 *  64  inserts          how many keys were inserted in this generation
 *  72  inserting        1 while somebody is inside Chronicle Map; left behind by the dead
 *  80  token floor      every token drawn in earlier generations lies at or below it
 *  88  file bytes       length of the file with the records
 *  96  checksum         of the bytes before
 *      ...
 * 4096 slots            {@link OwnerWord#SLOTS} entries of 64 bytes, see {@link SidecarSlot}
 * </pre>
 *
 * @param bootId the boot under which the deadlines were written
 * @param timeNamespace the time namespace in which they were written
 * @param entries how many keys were asked for
 * @param generation number of the file with the records
 * @param tokenCeiling no token above it was ever drawn
 * @param inserts how many keys were inserted
 * @param inserting whether somebody is, or died, inside Chronicle Map
 * @param tokenFloor every token drawn in earlier generations lies at or below it
 * @param fileBytes length of the file with the records
 */
record SidecarHeader(
    UUID bootId,
    long timeNamespace,
    long entries,
    long generation,
    long tokenCeiling,
    long inserts,
    boolean inserting,
    long tokenFloor,
    long fileBytes) {
  /** Bytes of the header, a page. */
  static final int BYTES = 4096;

  static final long LAYOUT_VERSION = 1;

  /** No UTF-8 text has these bytes at its ends. */
  static final long MAGIC = 0xFE45_4741_4C4C_55FFL;

  private static final int MAGIC_AT = 0;
  private static final int VERSION_AT = 8;
  private static final int CHECKED_BYTES = 96;
  private static final long CHECKSUM_SEED = 0x9E37_79B9_7F4A_7C15L;

  /** What the bytes of a header can be. */
  enum Verdict {
    GOOD,
    FOREIGN,
    OTHER_VERSION,
    TORN
  }

  static Verdict judge(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.limit() < BYTES || bytes.getLong(MAGIC_AT) != MAGIC) {
      return Verdict.FOREIGN;
    }
    if (bytes.getLong(VERSION_AT) != LAYOUT_VERSION) {
      return Verdict.OTHER_VERSION;
    }
    return bytes.getLong(CHECKED_BYTES) == checksum(bytes) ? Verdict.GOOD : Verdict.TORN;
  }

  static SidecarHeader read(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    return new SidecarHeader(
        new UUID(bytes.getLong(16), bytes.getLong(24)),
        bytes.getLong(32),
        bytes.getLong(40),
        bytes.getLong(48),
        bytes.getLong(56),
        bytes.getLong(64),
        bytes.getLong(72) != 0,
        bytes.getLong(80),
        bytes.getLong(88));
  }

  ByteBuffer toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .putLong(MAGIC)
        .putLong(LAYOUT_VERSION)
        .putLong(bootId.getMostSignificantBits())
        .putLong(bootId.getLeastSignificantBits())
        .putLong(timeNamespace)
        .putLong(entries)
        .putLong(generation)
        .putLong(tokenCeiling)
        .putLong(inserts)
        .putLong(inserting ? 1 : 0)
        .putLong(tokenFloor)
        .putLong(fileBytes);
    bytes.putLong(checksum(bytes));
    return bytes.clear();
  }

  /**
   * The header of a new file with records, whose tokens begin where the old ones can have ended.
   */
  SidecarHeader withGeneration(long number, long bytes, long floor, long ceiling, long count) {
    return new SidecarHeader(
        bootId, timeNamespace, entries, number, ceiling, count, false, floor, bytes);
  }

  SidecarHeader withTokenCeiling(long ceiling) {
    return new SidecarHeader(
        bootId,
        timeNamespace,
        entries,
        generation,
        ceiling,
        inserts,
        inserting,
        tokenFloor,
        fileBytes);
  }

  SidecarHeader withInserts(long count, boolean underWay) {
    return new SidecarHeader(
        bootId,
        timeNamespace,
        entries,
        generation,
        tokenCeiling,
        count,
        underWay,
        tokenFloor,
        fileBytes);
  }

  private static long checksum(ByteBuffer bytes) {
    long sum = CHECKSUM_SEED;
    for (int at = 0; at < CHECKED_BYTES; at += Long.BYTES) {
      sum = Long.rotateLeft((sum ^ bytes.getLong(at)) * 0xFF51_AFD7_ED55_8CCDL, 31);
    }
    return sum;
  }
}
