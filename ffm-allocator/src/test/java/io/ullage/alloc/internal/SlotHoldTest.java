package io.ullage.alloc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotHoldTest {
  private final SlotHold hold = new SlotHold(null, null, null);

  @Test
  void givesBackWithTheLastHolder() {
    hold.retain();
    assertThat(hold.isShared()).isTrue();
    assertThat(hold.releaseIsLast()).isFalse();
    assertThat(hold.isShared()).isFalse();
    assertThat(hold.releaseIsLast()).isTrue();
  }

  @Test
  void tellsOfAReleaseTooMany() {
    assertThat(hold.releaseIsLast()).isTrue();
    assertThatThrownBy(hold::releaseIsLast)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("released more often");
  }
}
