package io.ullage.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadAccountsTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 8, 15, 16, 17, 18, 20})
  void levelsSpreadOverAllSlotsHoweverManyThereAre(int bits) {
    int slots = 1 << bits;

    int[] used =
        IntStream.range(0, slots / 2)
            .map(number -> ThreadAccounts.slot(number, slots - 1))
            .toArray();

    assertThat(IntStream.of(used).allMatch(slot -> slot >= 0 && slot < slots)).isTrue();
    assertThat(IntStream.of(used).distinct().count()).isGreaterThan(slots / 3);
  }
}
