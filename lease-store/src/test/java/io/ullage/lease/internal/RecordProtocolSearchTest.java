package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class RecordProtocolSearchTest {
  @Test
  void twoProcessesThatMayCrashNeverHoldAtOnce() {
    ProtocolSearch search = new ProtocolSearch(2, 2, 3, true, true);
    search.explore();

    assertThat(search.takenOverAlive()).as("a sleeping owner was taken over").isTrue();
    assertThat(search.takenOverDead()).as("a dead owner was taken over early").isTrue();
    assertThat(search.holdsSeen()).isEqualTo(1);
    assertThat(search.statesSeen()).isGreaterThan(5_000);
  }

  @Test
  void onMemoryWhoseCompareAndSetDoesNotCompareTheSearchFindsTwoHolders() {
    ProtocolSearch search = new ProtocolSearch(2, 1, 2, false, false);

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(search::explore)
        .withMessageMatching("(?s)(two valid holders|a token went back).*");
  }
}
