package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExternalChargeTest {
  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(100).withoutCounterFile().build();
  private final Component a = registry.component("a");

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void countsAgainstTheLimitAndIsShownApart() {
    a.charge(10);
    try (ExternalCharge charge = a.chargeExternal(60)) {
      assertThat(charge.bytes()).isEqualTo(60);
      assertThat(a.tryCharge(31)).isFalse();
      MemoryFigures figures = registry.snapshot().figures("root").orElseThrow().total();
      assertThat(figures.reservedBytes()).isEqualTo(70);
      assertThat(figures.externalBytes()).isEqualTo(60);
      assertThat(figures.usedBytes()).isEqualTo(10);
      charge.adjust(20);
      assertThat(a.tryCharge(70)).isTrue();
      assertThatThrownBy(() -> charge.adjust(21)).isInstanceOf(MemoryLimitException.class);
      assertThat(charge.bytes()).isEqualTo(20);
      assertThat(a.refusals()).isEqualTo(2);
    }
    assertThat(registry.root().totalReservedBytes()).isEqualTo(80);
  }

  @Test
  void cannotBeDischargedAsIfItWereAllocated() {
    a.chargeExternal(60);
    assertThatIllegalStateException()
        .isThrownBy(() -> a.discharge(1))
        .withMessageContaining("0 charged");
    assertThatIllegalStateException().isThrownBy(a::close).withMessageContaining("60 bytes");
  }

  @Test
  void refusesNegativeSizesAndUseAfterClose() {
    ExternalCharge charge = a.chargeExternal(5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> charge.adjust(-1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> a.chargeExternal(-1));
    charge.close();
    charge.close();
    assertThatIllegalStateException().isThrownBy(() -> charge.adjust(1));
    assertThat(a.ownReservedBytes()).isZero();
  }

  @Test
  void leavesWhatNobodyAccountsForToBeSeen() {
    a.chargeExternal(40);
    MemoryReconciliation reconciliation = registry.reconcile();

    assertThat(reconciliation.chargedBytes()).isEqualTo(40);
    assertThat(reconciliation.externalBytes()).isEqualTo(40);
    assertThat(reconciliation.heapBytes()).isPositive();
    assertThat(reconciliation.nonHeapBytes()).isPositive();
    reconciliation
        .residentBytes()
        .ifPresent(
            resident ->
                assertThat(reconciliation.unattributedBytes())
                    .hasValue(
                        resident
                            - reconciliation.heapBytes()
                            - reconciliation.nonHeapBytes()
                            - 40));
  }
}
