package io.ullage.stress.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.stress.soak.HoldLedger.Hold;
import org.junit.jupiter.api.Test;

final class HoldLedgerTest {
  private final HoldLedger ledger = new HoldLedger();

  @Test
  void takesHoldsThatFollowOneAnotherWhateverTheOrderOfTheReports() {
    assertThat(ledger.add(new Hold("k", 7, "b", 30, 40))).isEmpty();
    assertThat(ledger.add(new Hold("k", 5, "a", 10, 20))).isEmpty();
    assertThat(ledger.add(new Hold("k", 5, "a", 10, 29))).isEmpty();
    assertThat(ledger.add(new Hold("other", 5, "b", 10, 40))).isEmpty();
    assertThat(ledger.checked()).isEqualTo(4);
  }

  @Test
  void refusesTwoHoldersAtOneInstant() {
    ledger.add(new Hold("k", 5, "a", 10, 20));
    ledger.add(new Hold("k", 7, "b", 30, 40));

    assertThat(ledger.add(new Hold("k", 5, "a", 10, 30)).orElseThrow())
        .contains("two holders at one instant");
    assertThat(ledger.add(new Hold("k", 9, "c", 40, 50)).orElseThrow())
        .contains("two holders at one instant");
  }

  @Test
  void refusesATokenThatIsNotGreaterThanTheOneBefore() {
    ledger.add(new Hold("k", 7, "a", 10, 20));

    assertThat(ledger.add(new Hold("k", 6, "b", 30, 40))).isPresent();
    assertThat(ledger.add(new Hold("k", 7, "b", 30, 40)).orElseThrow())
        .contains("one token for two holds");
  }

  @Test
  void seesAnOverlapAlsoWhereTheClockWrapsAround() {
    ledger.add(new Hold("k", 5, "a", Long.MAX_VALUE - 5, Long.MIN_VALUE + 5));

    assertThat(ledger.add(new Hold("k", 6, "b", Long.MIN_VALUE + 4, Long.MIN_VALUE + 9)))
        .isPresent();
    assertThat(ledger.add(new Hold("k", 8, "b", Long.MIN_VALUE + 10, Long.MIN_VALUE + 11)))
        .isEmpty();
  }

  @Test
  void remembersOnlyTheLatest() {
    for (int token = 1; token <= 10_000; token++) {
      assertThat(ledger.add(new Hold("k", token, "a", 10L * token, 10L * token + 5))).isEmpty();
    }
    assertThat(ledger.remembered()).isLessThanOrEqualTo(256);
  }
}
