package io.ullage.tool.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RatePacerTest {
  private long nanos;

  @Property(tries = 200)
  void takesAsLongAsTheRateSays(
      @ForAll @LongRange(min = 1, max = 1 << 30) long rate,
      @ForAll @IntRange(min = 1, max = 1 << 22) int chunk,
      @ForAll @IntRange(min = 1, max = 200) int chunks)
      throws InterruptedException {
    nanos = 0;
    RatePacer pacer = new RatePacer(rate, () -> nanos, slept -> nanos += slept);
    for (int i = 0; i < chunks; i++) {
      pacer.consumed(chunk);
    }
    double due = (double) chunk * chunks / rate * 1e9;
    assertThat((double) nanos).isCloseTo(due, within(due * 1e-6 + chunks));
  }

  @Test
  void doesNotMakeUpForMoreThanAShortPause() throws InterruptedException {
    RatePacer pacer = new RatePacer(1_000_000, () -> nanos, slept -> nanos += slept);
    nanos = TimeUnit.HOURS.toNanos(1);
    long begun = nanos;
    pacer.consumed(1_000_000);
    assertThat(nanos - begun).isEqualTo(TimeUnit.MILLISECONDS.toNanos(950));
  }

  @Test
  void neverWaitsWithoutARate() throws InterruptedException {
    RatePacer pacer =
        new RatePacer(
            0,
            () -> nanos,
            slept -> {
              throw new AssertionError("waited");
            });
    pacer.consumed(Long.MAX_VALUE);
    assertThat(nanos).isZero();
  }
}
