package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class FenceGuardTest {
  @Test
  void admitsTokensThatDoNotGoBack() {
    FenceGuard guard = new FenceGuard(7);

    guard.check(7);
    guard.check(9);
    guard.check(9);

    assertThat(guard.greatestToken()).isEqualTo(9);
  }

  @Test
  void refusesAStaleTokenNamingBoth() {
    FenceGuard guard = new FenceGuard();
    guard.check(9);

    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.check(8))
        .withMessageContaining("8")
        .withMessageContaining("9");
  }
}
