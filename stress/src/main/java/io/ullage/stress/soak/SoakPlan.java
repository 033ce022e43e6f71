package io.ullage.stress.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is done to the workers, and when: a function of its arguments, so that a seed replays it.
 *
 * @param disturbances in the order of their times
 */
record SoakPlan(List<Disturbance> disturbances) {
  /** Between two disturbances lies at most this. */
  private static final int LONGEST_PAUSE_MILLIS = 5000;

  private static final int SHORTEST_PAUSE_MILLIS = 500;

  /** A stopped worker's leases end while it is stopped, or do not. */
  private static final int LONGEST_STOP_MILLIS = 2500;

  private static final int LONGEST_FULL_DISK_MILLIS = 4000;

  /** What happens. */
  enum Kind {
    /** A worker is killed and another one started in its place. */
    KILL,
    /** A worker is stopped for a while. */
    STOP,
    /** The disk is full for a while. */
    FULL_DISK
  }

  /**
   * One disturbance.
   *
   * @param atMillis when, from the start
   * @param kind what
   * @param worker to whom; of no meaning when the disk is full
   * @param lastsMillis for how long
   */
  record Disturbance(long atMillis, Kind kind, int worker, long lastsMillis) {}

  /** Copies the list. */
  SoakPlan {
    disturbances = List.copyOf(disturbances);
  }

  /** The plan of a seed. */
  static SoakPlan of(long seed, long millis, int workers) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Disturbance> disturbances = new ArrayList<>();
    long at = 0;
    while (true) {
      at += random.nextLong(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
      int worker = random.nextInt(workers);
      int choice = random.nextInt(10);
      Kind kind = choice < 4 ? Kind.KILL : choice < 8 ? Kind.STOP : Kind.FULL_DISK;
      long lasts =
          switch (kind) {
            case KILL -> 0;
            case STOP -> random.nextLong(1, LONGEST_STOP_MILLIS);
            case FULL_DISK -> random.nextLong(1, LONGEST_FULL_DISK_MILLIS);
          };
      if (at + lasts >= millis) {
        return new SoakPlan(disturbances);
      }
      disturbances.add(new Disturbance(at, kind, worker, lasts));
    }
  }
}
