package io.ullage.lease.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A record in a generation file: the constant-size value of one Chronicle Map entry, aligned to 8
 * bytes.
 *
 * <pre>
 *   0  magic           8 bytes; {@link #PENDING} until the record may be used, then {@link #READY}
 *   8  word            {@link LeaseWord}
 *  16  owner           {@link OwnerWord}
 *  24  token           the greatest drawn
 *  32  waiter          {@link WaiterWord}
 *  40  saved word      the word before the record moved
 *  48  described       generation of the description, plus 1
 *  56  acquired at     ms, monotonic
 *  64  note length     bytes
 *  72  note            120 bytes of UTF-8
 * 192  key length      bytes
 * 200  key             254 bytes of UTF-8, padded to 256
 * 456
 * </pre>
 *
 * <p>The magic is no UTF-8, so no key and no note can look like a record: a scan of the file finds
 * all records and nothing else, without the map's index and its locks, in a damaged file too.
 */
final class RecordLayout {
  static final int MAGIC = 0;
  static final int WORD = 8;
  static final int OWNER = 16;
  static final int TOKEN = 24;
  static final int WAITER = 32;
  static final int SAVED_WORD = 40;
  static final int DESCRIBED = 48;
  static final int ACQUIRED_AT = 56;
  static final int NOTE_LENGTH = 64;
  static final int NOTE = 72;
  static final int NOTE_BYTES = 120;
  static final int KEY_LENGTH = 192;
  static final int KEY = 200;
  static final int KEY_BYTES = 254;

  /** Bytes of a record. */
  static final int BYTES = 456;

  /** Bytes of a map key: length and text, padded. */
  static final int MAP_KEY_BYTES = 256;

  static final long READY = 0xFE31_4553_4145_4CFFL;
  static final long PENDING = 0xFD31_4553_4145_4CFFL;

  private RecordLayout() {}

  /** The bytes under which Chronicle Map files a key. */
  static byte[] mapKey(String key) {
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[MAP_KEY_BYTES];
    padded[0] = (byte) text.length;
    System.arraycopy(text, 0, padded, 1, text.length);
    return padded;
  }

  /** A free record that is not ready yet. */
  static byte[] freshRecord(String key, long tokenFloor) {
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC, PENDING).putLong(TOKEN, tokenFloor).putLong(KEY_LENGTH, text.length);
    bytes.put(KEY, text);
    return bytes.array();
  }
}
