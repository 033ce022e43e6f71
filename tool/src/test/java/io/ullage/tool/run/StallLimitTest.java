package io.ullage.tool.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemoryLimitException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StallLimitTest {
  private long nanos;
  private long progress;
  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void waitsAsLongAsSomebodyGetsOn() throws InterruptedException {
    StallLimit limit = limit();
    String result =
        limit.retry(
            timeout -> {
              nanos += TimeUnit.SECONDS.toNanos(1);
              if (attempts.incrementAndGet() == 100) {
                return "done";
              }
              // Often enough within the limit of ten seconds, but not at every look.
              progress += attempts.get() % 5 == 0 ? 1 : 0;
              throw refusal(1);
            });
    assertThat(result).isEqualTo("done");
  }

  @Test
  void givesUpWithTheRefusalWhenNobodyDoes() {
    MemoryLimitException refusal = refusal(1);
    assertThatThrownBy(
            () ->
                limit()
                    .retry(
                        timeout -> {
                          attempts.incrementAndGet();
                          nanos += TimeUnit.SECONDS.toNanos(1);
                          throw refusal;
                        }))
        .isSameAs(refusal);
    assertThat(attempts).hasValue(10);
  }

  @Test
  void givesUpAtOnceWhenTheRequestExceedsALimit() {
    MemoryLimitException refusal = refusal(11);
    assertThatThrownBy(
            () ->
                limit()
                    .retry(
                        timeout -> {
                          attempts.incrementAndGet();
                          throw refusal;
                        }))
        .isSameAs(refusal);
    assertThat(attempts).hasValue(1);
  }

  private StallLimit limit() {
    return new StallLimit(
        () -> progress, () -> nanos, slept -> nanos += slept, Duration.ofSeconds(10));
  }

  private static MemoryLimitException refusal(long bytes) {
    try (ComponentRegistry registry =
        ComponentRegistry.builder().limitBytes(10).withoutCounterFile().build()) {
      registry.root().charge(10);
      try {
        registry.root().charge(bytes);
      } catch (MemoryLimitException refusal) {
        return refusal;
      } finally {
        registry.root().discharge(10);
      }
    }
    throw new AssertionError("was not refused");
  }
}
