package io.ullage.lease.redis;

import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseView;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record as the scripts write it: layout, token, owner, acquired at, expires at, state, note,
 * with a space between.
 */
final class RedisRecord {
  private static final int FIELDS = 7;
  private static final String LAYOUT = "1";

  private RedisRecord() {}

  /** What a record says; null if it is none. */
  static @Nullable LeaseView view(String key, String record, long nowMillis) {
    String[] fields = record.split(" ", FIELDS);
    if (fields.length != FIELDS || !fields[0].equals(LAYOUT)) {
      return null;
    }
    try {
      long left = Long.parseLong(fields[4]) - nowMillis;
      boolean held = left > 0;
      return new LeaseView(
          key,
          held ? fields[5].equals("r") ? LeaseState.REVOKED : LeaseState.HELD : LeaseState.EXPIRED,
          Long.parseLong(fields[1]),
          held ? OwnerName.pid(fields[2]) : 0,
          held,
          Instant.ofEpochMilli(Long.parseLong(fields[3])),
          Duration.ofMillis(Math.max(0, left)),
          fields[6]);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
