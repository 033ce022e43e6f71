package io.ullage.alloc;

/**
 * How much is done to find leaks and misuse. Live bytes per component are always exact, and what
 * ended threads and dropped handles leave behind always comes back and is reported.
 */
public enum LeakDetection {
  /** No allocation sites. */
  OFF,
  /**
   * The site of 1 in 128 buffers (an option), or of fewer, where a thread opens so many that it
   * would spend more than about a fiftieth of its time on that.
   */
  SAMPLED,
  /** The site of every buffer; costs microseconds for each. */
  EVERY_SITE,
  /**
   * Every site; what is freed is overwritten, bytes behind the end are guarded and checked when a
   * buffer is closed, and closing twice names both sites.
   */
  PARANOID
}
