package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkflowRunTest {
  private final WorkflowRun around = run(null);
  private final WorkflowRun inside = run(around);

  private static WorkflowRun run(@Nullable WorkflowRun outer) {
    return new WorkflowRun(outer, Thread.currentThread(), Sweeper.NEVER);
  }

  @AfterEach
  void leaveNoInterrupt() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void workThatEndsTakesItsOwnInterruptAlong() {
    inside.fire(LossCause.DEADLINE);

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(inside.end()).isEqualTo(LossCause.DEADLINE);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void workThatEndsLeavesTheInterruptOfTheWorkAroundIt() {
    around.fire(LossCause.EXPIRED);
    inside.fire(LossCause.DEADLINE);

    assertThat(inside.end()).isEqualTo(LossCause.DEADLINE);

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(around.end()).isEqualTo(LossCause.EXPIRED);
  }

  @Test
  void theFirstCauseCounts() {
    inside.fire(LossCause.EXPIRED);
    inside.fire(LossCause.DEADLINE);

    assertThat(inside.end()).isEqualTo(LossCause.EXPIRED);
  }

  @Test
  void workThatHasEndedIsNotInterrupted() {
    assertThat(inside.end()).isNull();

    inside.fire(LossCause.EXPIRED);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void workAroundThatHasEndedIsNotInterruptedAgain() {
    around.fire(LossCause.EXPIRED);
    assertThat(around.end()).isEqualTo(LossCause.EXPIRED);
    inside.fire(LossCause.DEADLINE);

    assertThat(inside.end()).isEqualTo(LossCause.DEADLINE);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
