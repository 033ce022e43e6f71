package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordProtocolSearchTest {
  @Test
  void twoProcessesThatMayCrashNeverHoldAtOnce() {
    ProtocolSearch search = new ProtocolSearch(2, 2, 3, true);
    search.explore();

    assertThat(search.takenOverAlive()).as("a sleeping owner was taken over").isTrue();
    assertThat(search.takenOverDead()).as("a dead owner was taken over early").isTrue();
    assertThat(search.holdsSeen()).isEqualTo(1);
    assertThat(search.statesSeen()).isGreaterThan(5_000);
  }
}
