package io.ullage.stress.soak;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who held which lease when, as the holders themselves saw it on the clock that all processes of a
 * host share. Refuses what must not be: two holders of one key at one instant, or a token that is
 * not greater than that of the holder before.
 *
 * <p>A hold lasts from the first to the last instant at which its holder is known to have seen it
 * valid. Each is told again and again while it lasts.
 */
final class HoldLedger {
  /** Long enough for whatever a stopped process reports late. */
  private static final int REMEMBERED_HOLDS = 256;

  private final Map<String, NavigableMap<Long, Hold>> holdsByKey = new HashMap<>();
  private long checked;

  /**
   * One hold.
   *
   * @param key the key
   * @param token the fencing token
   * @param owner which process
   * @param fromNanos the first instant at which it was valid
   * @param untilNanos the last one
   */
  record Hold(String key, long token, String owner, long fromNanos, long untilNanos) {}

  /** Takes down what a holder saw; the answer says what is wrong with it. */
  Optional<String> add(Hold hold) {
    checked++;
    NavigableMap<Long, Hold> holds = holdsByKey.computeIfAbsent(hold.key(), k -> new TreeMap<>());
    Hold known = holds.put(hold.token(), hold);
    if (known != null && !known.owner().equals(hold.owner())) {
      return Optional.of("one token for two holds: " + known + " and " + hold);
    }
    Map.Entry<Long, Hold> before = holds.lowerEntry(hold.token());
    if (before != null && before.getValue().untilNanos() - hold.fromNanos() >= 0) {
      return Optional.of("two holders at one instant: " + before.getValue() + " and " + hold);
    }
    Map.Entry<Long, Hold> after = holds.higherEntry(hold.token());
    if (after != null && hold.untilNanos() - after.getValue().fromNanos() >= 0) {
      return Optional.of("two holders at one instant: " + hold + " and " + after.getValue());
    }
    if (holds.size() > REMEMBERED_HOLDS) {
      holds.pollFirstEntry();
    }
    return Optional.empty();
  }

  /** How many reports were compared with their neighbours. */
  long checked() {
    return checked;
  }

  /** How many holds are remembered. */
  long remembered() {
    return holdsByKey.values().stream().mapToLong(Map::size).sum();
  }
}
