package io.ullage.spill;

/**
 * What an offer does while the spill policy wants to spill and the store cannot take it.
 *
 * <p>In each case the queue tries the store again, at growing intervals of up to a second and when
 * disk space is given back, and what was accepted can be read.
 */
public enum WhenFull {
  /** Wait for the store or the reader, up to the offer's timeout; then as {@link #FAIL}. */
  BLOCK,

  /** Throw {@link StoreUnavailableException}; the segment stays the caller's. */
  FAIL,

  /** Keep entries in memory, up to the component's limit; there as {@link #FAIL}. */
  KEEP_RESIDENT,

  /** Drop the oldest entries, as many bytes as are offered, and count them. */
  DROP_OLDEST
}
