package io.ullage.core.limiter.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.limiter.DelayCurve;
import io.ullage.core.limiter.SourcePressure;
import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.UsageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PressureGaugeTest {
  private final List<String> warnings = new ArrayList<>();

  @Test
  void theFullestSourceDecides() {
    PressureGauge gauge = gauge(new FakeSource("a", 10, false), new FakeSource("b", 1000, false));
    assertThat(gauge.readAllNanos()).isEqualTo(25_000_000);
    assertThat(gauge.pressures()).extracting(SourcePressure::source).containsExactly("a", "b");
  }

  @Test
  void betweenPeriodsOnlyCheapSourcesAreReadAndTheOthersKeepTheirReading() {
    FakeSource dear = new FakeSource("dear", 1000, false);
    FakeSource cheap = new FakeSource("cheap", 0, true);
    PressureGauge gauge = gauge(dear, cheap);
    assertThat(gauge.readAllNanos()).isEqualTo(25_000_000);
    dear.usedBytes = 0;
    assertThat(gauge.readCheapNanos()).isEqualTo(25_000_000);
    cheap.usedBytes = 990;
    assertThat(gauge.readAllNanos()).isEqualTo(20_200_000);
    cheap.usedBytes = 0;
    assertThat(gauge.readCheapNanos()).isZero();
  }

  @Test
  void goesOnWithoutASourceThatCannotBeReadAndSaysSoOnce() {
    FakeSource broken = new FakeSource("broken", 1000, false);
    PressureGauge gauge = gauge(broken, new FakeSource("sound", 975, false));
    broken.failure = new IOException("no such file");
    assertThat(gauge.readAllNanos()).isEqualTo(13_000_000);
    broken.failure = new IOException("still none");
    assertThat(gauge.readAllNanos()).isEqualTo(13_000_000);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst()).contains("'broken'").contains("no such file");
    assertThat(gauge.pressures().getFirst().reading()).isEqualTo(Optional.empty());
  }

  @Test
  void usesASourceAgainOnceItCanBeRead() {
    FakeSource source = new FakeSource("source", 1000, false);
    PressureGauge gauge = gauge(source);
    source.failure = new IOException("for now");
    assertThat(gauge.readAllNanos()).isZero();
    source.failure = null;
    assertThat(gauge.readAllNanos()).isEqualTo(25_000_000);
  }

  @Test
  void survivesSourcesThatThrowAnything() {
    UsageSource mad =
        new UsageSource() {
          @Override
          public String name() {
            return "mad";
          }

          @Override
          public UsageReading read() {
            throw new ArithmeticException("/ by zero");
          }
        };
    assertThat(gauge(mad, new FakeSource("sound", 1000, false)).readAllNanos())
        .isEqualTo(25_000_000);
  }

  @Test
  void aZeroLimitIsFullPressure() {
    UsageSource zero = new FakeSource("zero", 0, false, 0);
    assertThat(gauge(zero).readAllNanos()).isEqualTo(25_000_000);
  }

  private PressureGauge gauge(UsageSource... sources) {
    return new PressureGauge(DelayCurve.DEFAULT, List.of(sources), warnings::add);
  }
}
