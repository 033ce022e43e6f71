package io.ullage.lease.redis;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

/**
 * Looks for answers that come soon, instead of sleeping until they come. A thread that sleeps, on a
 * processor that went idle, takes longer to wake up than a server on loopback takes to answer.
 *
 * <p>One thread of a store looks at a time, and none while more of them ask than there are
 * processors, or if there is only one: they, or the server, can use it better. Once nothing came in
 * time, only every {@value #FAR_REQUESTS}th request is looked for, so that a server far away costs
 * next to nothing.
 *
 * <p>Whoever sets {@code taken} owns the other fields until it clears it (both volatile).
 */
final class Lookout {
  /** Over loopback an answer comes after some 30 µs, or 80 if both sides have to wake up first. */
  private static final long LOOK_NANOS = 100_000;

  private static final int FAR_REQUESTS = 16;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final IntSupplier asking;
  private final AtomicBoolean taken = new AtomicBoolean();
  private boolean isNear = true;
  private int requests;

  /** Looks for answers to as many as are asking. */
  Lookout(IntSupplier asking) {
    this.asking = asking;
  }

  /** Looks, or returns at once if that is not worth it. */
  void look(RedisSocket socket) throws IOException {
    if (PROCESSORS == 1
        || asking.getAsInt() > PROCESSORS
        || taken.get()
        || !taken.compareAndSet(false, true)) {
      return;
    }
    try {
      requests++;
      if (isNear || requests % FAR_REQUESTS == 0) {
        isNear = socket.hasInputWithin(LOOK_NANOS);
      }
    } finally {
      taken.set(false);
    }
  }
}
