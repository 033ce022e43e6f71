package io.ullage.lease;

/** What a lease's record says about it. */
public enum LeaseState {
  /** Nobody holds the key. */
  FREE,
  /** Somebody is taking the key this very moment. */
  ACQUIRING,
  /** Somebody holds the key, and its time has not run out. */
  HELD,
  /**
   * Somebody holds the key but was told to let go; it becomes free when the holder notices, dies,
   * or its time runs out.
   */
  REVOKED,
  /** Somebody held the key and neither renewed nor released it in time: free for the next. */
  EXPIRED
}
