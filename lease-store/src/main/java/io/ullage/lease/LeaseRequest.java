package io.ullage.lease;

import java.time.Duration;

/**
 * What is asked of a {@link LeaseStore}: one attempt to take one key.
 *
 * @param key the key, checked by {@link #checkKey}
 * @param ttlNanos how long the lease shall live without renewal, in nanoseconds
 * @param note free text for whoever finds the key held; stores may cut it to {@link #NOTE_BYTES}
 * @param waiting whether the caller will ask again if it does not get the key: such a caller is
 *     known to the store as waiting, and a holder that just released yields to it
 */
public record LeaseRequest(String key, long ttlNanos, String note, boolean waiting) {
  /** The longest key in UTF-8 bytes: what fits the constant-size record beside its length. */
  public static final int KEY_BYTES = 254;

  /** The longest note in UTF-8 bytes that every store keeps. */
  public static final int NOTE_BYTES = 120;

  /** The shortest TTL that a millisecond clock and a margin of 5 ms leave room for. */
  public static final Duration MINIMUM_TTL = Duration.ofMillis(20);

  /** The longest TTL: a lease that outlives a day without a heartbeat is not a lease. */
  public static final Duration MAXIMUM_TTL = Duration.ofDays(1);

  /** Checks its arguments. */
  public LeaseRequest {
    checkKey(key);
    if (ttlNanos < MINIMUM_TTL.toNanos() || ttlNanos > MAXIMUM_TTL.toNanos()) {
      throw new IllegalArgumentException(
          "ttl: " + Duration.ofNanos(ttlNanos) + "; allowed: 20 ms to 1 day");
    }
  }

  /**
   * Checks that {@code key} can name a lease: 1 to {@value #KEY_BYTES} bytes of UTF-8 without
   * control characters.
   *
   * @param key the key
   * @return the key
   * @throws IllegalArgumentException naming what is wrong with it
   */
  public static String checkKey(String key) {
    // No character takes more than three bytes (a surrogate pair takes four for two), so short keys
    // need no counting.
    if (key.isEmpty() || (key.length() * 3 > KEY_BYTES && utf8Bytes(key) > KEY_BYTES)) {
      throw new IllegalArgumentException(
          "key: '" + key + "'; allowed: 1 to " + KEY_BYTES + " bytes of UTF-8");
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c < ' ' || c == 0x7f) {
        throw new IllegalArgumentException(
            "key: control character at index " + i + "; allowed: printable text");
      }
    }
    return key;
  }

  private static int utf8Bytes(String key) {
    return key.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }
}
