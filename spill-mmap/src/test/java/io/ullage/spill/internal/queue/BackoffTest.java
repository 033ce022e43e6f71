package io.ullage.spill.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often something that fails for good is tried: what it costs is that often one attempt. */
class BackoffTest {
  private static final long STEP_NANOS = 100_000;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final AtomicLong now = new AtomicLong(-5);
  private final Backoff backoff = new Backoff(now::get);

  private int attemptsIn(long nanos) {
    int attempts = 0;
    for (long passed = 0; passed < nanos; passed += STEP_NANOS) {
      if (backoff.isOver()) {
        attempts++;
        backoff.failed();
      }
      now.addAndGet(STEP_NANOS);
    }
    return attempts;
  }

  @Test
  void whatFailsForGoodIsTriedNineTimesInTheFirstTwoSecondsAndThenOnceASecond() {
    assertThat(attemptsIn(2 * SECOND_NANOS)).isEqualTo(9);
    assertThat(attemptsIn(60 * SECOND_NANOS)).isBetween(59, 60);
  }

  @Test
  void oneSuccessForgetsAllFailures() {
    attemptsIn(10 * SECOND_NANOS);
    backoff.succeeded();
    assertThat(backoff.isOver()).isTrue();
    assertThat(attemptsIn(2 * SECOND_NANOS)).isEqualTo(9);
  }
}
