package io.ullage.core.internal;

import org.agrona.concurrent.status.CountersReader;

/**
 * Where things are in a counter file. All numbers are in the byte order of the machine.
 *
 * <pre>
 *      0        8        16       24       32       40       48       56
 *      +--------+--------+--------+--------+--------+--------+--------+--------+
 *    0 | magic  |ver|hdr | pid    | start  |metadata|metadata| values | values |
 *      |        |int|len | (int64)| ms     | offset | length | offset | length |
 *      +--------+--------+--------+--------+--------+--------+--------+--------+
 *   64 |sequence| published ms    |  zero up to the header length (4096)       |
 *      +--------+-----------------+--------------------------------------------+
 * 4096 | metadata: one record of 512 bytes for each counter (Agrona's layout)    |
 *      |   +0 state int (1 = in use), +4 type id int, +128 label (int length,    |
 *      |   then ASCII): the component's path                                     |
 *      +-----------------------------------------------------------------------+
 *      | values: one record of 128 bytes for each counter (Agrona's layout)      |
 *      |   +0 value int64, +8 registration id int64: the component's number       |
 *      +-----------------------------------------------------------------------+
 * </pre>
 *
 * <p>The version is written last, with release: whoever reads a version that it knows (acquire)
 * sees the header whole. The sequence is odd while the writer is at work; a reader that sees the
 * same even number before and after has the figures of one instant.
 */
public final class CounterFileLayout {
  /** "ULLAGEct" read as a little-endian number. */
  public static final long MAGIC = 0x7463_4547_414C_4C55L;

  public static final int VERSION = 1;

  /** One page, so that what follows is page-aligned. */
  public static final int HEADER_LENGTH = 4096;

  public static final int MAGIC_OFFSET = 0;
  public static final int VERSION_OFFSET = 8;
  public static final int HEADER_LENGTH_OFFSET = 12;
  public static final int PID_OFFSET = 16;
  public static final int START_MILLIS_OFFSET = 24;
  public static final int METADATA_OFFSET_OFFSET = 32;
  public static final int METADATA_LENGTH_OFFSET = 40;
  public static final int VALUES_OFFSET_OFFSET = 48;
  public static final int VALUES_LENGTH_OFFSET = 56;
  public static final int SEQUENCE_OFFSET = 64;
  public static final int PUBLISHED_MILLIS_OFFSET = 72;

  private CounterFileLayout() {}

  public static int metadataLength(int components) {
    return components * CounterKind.COUNT * CountersReader.METADATA_LENGTH;
  }

  public static int valuesLength(int components) {
    return components * CounterKind.COUNT * CountersReader.COUNTER_LENGTH;
  }

  public static int fileLength(int components) {
    return HEADER_LENGTH + metadataLength(components) + valuesLength(components);
  }
}
