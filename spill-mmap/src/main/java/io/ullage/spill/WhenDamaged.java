package io.ullage.spill;

/** What a queue does when a spilled entry comes back damaged. */
public enum WhenDamaged {
  /**
   * End: the reader gets all entries before it, then a {@link QueuePoisonedException} whose cause
   * names the entry.
   */
  FAIL,

  /**
   * Lose that one entry, count it as damaged and as dropped, and go on behind it; an event names
   * it.
   */
  SKIP
}
