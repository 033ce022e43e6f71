package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaiterWordTest {
  private static final long NOW = (5L << 20) + 7;
  private static final long LATER = NOW + WaiterWord.FRESH_MILLIS;

  @Test
  void nobodyWaitsAtFirst() {
    assertThat(WaiterWord.hasOther(0, 3, NOW)).isFalse();
    assertThat(WaiterWord.hasOther(0, 0, 0)).isFalse();
  }

  @Test
  void aProcessIsNotAnotherToItself() {
    long word = WaiterWord.register(0, 3, NOW);

    assertThat(WaiterWord.hasOther(word, 3, NOW)).isFalse();
    assertThat(WaiterWord.hasOther(word, 4, NOW)).isTrue();
    assertThat(WaiterWord.hasOther(word, 4, LATER - 1)).isTrue();
    assertThat(WaiterWord.hasOther(word, 4, LATER)).isFalse();
  }

  @Test
  void whoeverRegistersLastDoesNotHideThatOthersWait() {
    long word = 0;
    for (int slot = 1; slot <= 8; slot++) {
      word = WaiterWord.register(word, slot, NOW + slot);
    }
    for (int slot = 0; slot <= 9; slot++) {
      assertThat(WaiterWord.hasOther(word, slot, NOW + 8)).as("slot " + slot).isTrue();
    }
  }

  @Test
  void clearingLeavesTheOther() {
    long word = WaiterWord.register(WaiterWord.register(0, 3, NOW), 4, NOW);

    assertThat(WaiterWord.hasOther(WaiterWord.clear(word, 3), 5, NOW)).isTrue();
    assertThat(WaiterWord.hasOther(WaiterWord.clear(word, 3), 4, NOW)).isFalse();
    assertThat(WaiterWord.clear(WaiterWord.clear(word, 3), 4)).isZero();
    assertThat(WaiterWord.clear(word, 5)).isEqualTo(word);
  }

  @Test
  void theHalvesSurviveTheTurnOfTheirClock() {
    long justBefore = (1L << 20) - 1;
    long word = WaiterWord.register(0, 4095, justBefore);

    assertThat(WaiterWord.hasOther(word, 1, justBefore)).isTrue();
    assertThat(WaiterWord.hasOther(word, 1, justBefore + 10)).isTrue();
    assertThat(WaiterWord.hasOther(word, 1, justBefore + WaiterWord.FRESH_MILLIS)).isFalse();
  }
}
