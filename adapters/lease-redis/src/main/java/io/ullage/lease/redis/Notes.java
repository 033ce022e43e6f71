package io.ullage.lease.redis;

import io.ullage.lease.LeaseRequest;
import java.nio.charset.StandardCharsets;

/** What holders note and operators give as reasons. */
final class Notes {
  private Notes() {}

  /** The longest beginning that a record keeps. */
  static String cut(String note) {
    // No character takes more than three bytes.
    if (note.length() * 3 <= LeaseRequest.NOTE_BYTES) {
      return note;
    }
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LeaseRequest.NOTE_BYTES) {
      return note;
    }
    int end = LeaseRequest.NOTE_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
