package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComponentBudgetTest {
  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(100).withoutCounterFile().build();
  private final Component parent = registry.component("a");
  private final Component child = registry.component("a.b");
  private final Component other = registry.component("c");

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void countsUpTheTree() {
    child.charge(30);
    parent.charge(20);

    assertThat(child.ownReservedBytes()).isEqualTo(30);
    assertThat(parent.ownReservedBytes()).isEqualTo(20);
    assertThat(parent.totalReservedBytes()).isEqualTo(50);
    assertThat(registry.root().totalReservedBytes()).isEqualTo(50);
    assertThat(registry.root().ownReservedBytes()).isZero();
    child.discharge(30);
    assertThat(parent.totalReservedBytes()).isEqualTo(20);
    assertThat(parent.peakReservedBytes()).isEqualTo(50);
    assertThat(child.usedBytes()).isZero();
  }

  @Test
  void refusesWhatDoesNotFitAtAnyLevelAndLeavesNothingBehind() {
    parent.setLimitBytes(50);

    assertThat(child.tryCharge(51)).isFalse();
    assertThat(child.tryCharge(50)).isTrue();
    assertThat(other.tryCharge(51)).isFalse();
    assertThat(other.tryCharge(50)).isTrue();
    assertThat(registry.root().totalReservedBytes()).isEqualTo(100);
    assertThat(child.refusals()).isEqualTo(1);
    assertThat(other.refusals()).isEqualTo(1);
  }

  @Test
  void saysWhatEachLevelAnswered() {
    parent.setLimitBytes(50);
    parent.charge(10);

    MemoryLimitException refusal =
        catchThrowableOfType(MemoryLimitException.class, () -> child.charge(60));

    assertThat(refusal.levels())
        .containsExactly(
            new LevelOutcome("a.b", Long.MAX_VALUE, 0, 60, false),
            new LevelOutcome("a", 50, 10, 60, true),
            new LevelOutcome("root", 100, 10, 60, false));
    assertThat(refusal)
        .hasMessageContaining("a.b: 60 bytes refused")
        .hasMessageContaining("a has no room");
    assertThat(parent.totalReservedBytes()).isEqualTo(10);
  }

  @Test
  void takesSizesUpToTheWholeRange() {
    assertThat(child.tryCharge(Long.MAX_VALUE)).isFalse();
    assertThat(child.tryCharge(0)).isTrue();
    registry.root().setLimitBytes(Long.MAX_VALUE);
    child.charge(1);
    assertThat(child.tryCharge(Long.MAX_VALUE)).isFalse();
    child.charge(Long.MAX_VALUE - 1);
    child.discharge(Long.MAX_VALUE);
    assertThat(registry.root().totalReservedBytes()).isZero();
  }

  @Test
  void refusesNegativeSizes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> child.tryCharge(-1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> child.charge(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> child.discharge(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> child.setLimitBytes(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ComponentRegistry.builder().limitBytes(-1));
  }

  @Test
  void keepsWhatIsReservedWhenTheLimitSinksBelowIt() {
    child.charge(60);
    parent.setLimitBytes(40);

    assertThat(child.tryCharge(1)).isFalse();
    child.discharge(20);
    assertThat(child.tryCharge(1)).isFalse();
    child.discharge(10);
    assertThat(child.tryCharge(10)).isTrue();
  }

  @Test
  void movesBytesAndReservesAtTheReceiverFirst() {
    other.setLimitBytes(20);
    child.charge(30);

    assertThatThrownBy(() -> child.transferTo(other, 30)).isInstanceOf(MemoryLimitException.class);
    assertThat(child.ownReservedBytes()).isEqualTo(30);
    child.transferTo(other, 20);
    assertThat(child.ownReservedBytes()).isEqualTo(10);
    assertThat(other.ownReservedBytes()).isEqualTo(20);
    assertThat(registry.root().totalReservedBytes()).isEqualTo(30);
  }

  @Test
  void movesBytesWhenTheSharedLevelsAreFull() {
    registry.root().setLimitBytes(30);
    child.charge(30);
    child.transferTo(other, 30);
    assertThat(other.ownReservedBytes()).isEqualTo(30);
    assertThat(registry.root().totalReservedBytes()).isEqualTo(30);
    assertThat(registry.root().peakReservedBytes()).isEqualTo(30);
    registry.root().setLimitBytes(10);
    other.transferTo(child, 30);
    assertThat(child.ownReservedBytes()).isEqualTo(30);
  }

  @Test
  void retriesOnceAfterListenersFreedMemory() {
    child.charge(100);
    List<String> calls = new ArrayList<>();
    parent.addListener((requester, refusal) -> calls.add("parent"));
    try (Registration _ =
        registry
            .root()
            .addListener(
                (requester, refusal) -> {
                  calls.add(requester.path());
                  child.discharge(40);
                })) {
      other.charge(40);
      assertThat(calls).containsExactly("c");
      assertThat(child.tryCharge(1)).isFalse();
      assertThat(calls).hasSize(1);
    }
    assertThatThrownBy(() -> other.charge(1)).isInstanceOf(MemoryLimitException.class);
    assertThatThrownBy(() -> child.charge(1)).isInstanceOf(MemoryLimitException.class);
    assertThat(calls).containsExactly("c", "parent");
  }

  @Test
  void leavesNothingBehindWhenAListenerThrows() {
    child.charge(90);
    registry
        .root()
        .addListener(
            (requester, refusal) -> {
              throw new IllegalStateException("listener");
            });

    assertThatIllegalStateException().isThrownBy(() -> child.charge(20)).withMessage("listener");
    assertThat(registry.root().totalReservedBytes()).isEqualTo(90);
    assertThat(child.tryCharge(10)).isTrue();
  }

  @Test
  void showsFiguresThatAddUp() {
    child.charge(30);
    child.discharge(10);
    parent.charge(5);
    MemorySnapshot snapshot = registry.snapshot();

    assertThat(snapshot.exact()).isTrue();
    assertThat(snapshot.components()).containsOnlyKeys("root", "a", "a.b", "c");
    assertThat(snapshot.figures("a").orElseThrow().total())
        .isEqualTo(new MemoryFigures(25, 0, 35, 10, 2, 1, 0, 0));
    assertThat(snapshot.figures("a.b").orElseThrow().own().usedBytes()).isEqualTo(20);
    assertThat(snapshot.figures("root").orElseThrow().peakReservedBytes()).isEqualTo(30);
  }
}
