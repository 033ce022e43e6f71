package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingChargeTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  /** Enough for an interrupt to hit each step of a grant. */
  private static final int ROUNDS = 1_000;

  private final ComponentRegistry registry =
      ComponentRegistry.builder().limitBytes(100).withoutCounterFile().build();
  private final Component a = registry.component("a");
  private final Component b = registry.component("b");
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    threads.close();
    registry.close();
  }

  @Test
  void waitsUntilAnotherThreadFrees() throws Exception {
    a.charge(100);
    Future<?> waiting = waitFor(b, 60, 1);
    a.discharge(50);
    assertThat(waiting.isDone()).isFalse();
    a.discharge(10);
    waiting.get();
    assertThat(b.ownReservedBytes()).isEqualTo(60);
    assertThat(b.backpressureNanos()).isPositive();
  }

  @Test
  void refusesAtTheTimeoutAndLeavesNothingBehind() {
    a.charge(100);
    assertThatThrownBy(() -> b.charge(1, Duration.ofMillis(2)))
        .isInstanceOf(MemoryLimitException.class);
    assertThatThrownBy(() -> b.charge(1, Duration.ZERO)).isInstanceOf(MemoryLimitException.class);
    assertThat(b.refusals()).isEqualTo(2);
    assertThat(registry.root().totalReservedBytes()).isEqualTo(100);
  }

  @Test
  void servesWaitersInTheOrderOfTheirComing() throws Exception {
    a.charge(100);
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      // The first wants much, the others little: none may overtake it.
      long bytes = i == 0 ? 50 : 10;
      futures.add(
          threads.submit(
              () -> {
                b.charge(bytes, LONG);
                served.add(number);
                return null;
              }));
      awaitWaiters(i + 1);
    }
    a.discharge(40);
    assertThat(futures).noneMatch(Future::isDone);
    for (int i = 0; i < 5; i++) {
      a.discharge(10);
      futures.get(i).get();
    }
    assertThat(served).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void doesNotHoldUpThoseWhoNeedRoomElsewhere() throws Exception {
    a.setLimitBytes(10);
    a.charge(10);
    Future<?> waiting = waitFor(a, 5, 1);
    b.charge(90, LONG);
    b.discharge(90);
    assertThat(waiting.isDone()).isFalse();
    a.discharge(10);
    waiting.get();
  }

  @Test
  void wakesWhenALimitRises() throws Exception {
    a.charge(100);
    Future<?> waiting = waitFor(b, 60, 1);
    registry.root().setLimitBytes(160);
    waiting.get();
  }

  @Test
  void letsThoseBehindGoOnWhenAWaiterIsInterrupted() throws Exception {
    a.charge(90);
    Future<?> first = waitFor(b, 50, 1);
    Future<?> second = waitFor(b, 10, 2);
    assertThat(second.isDone()).isFalse();
    first.cancel(true);
    second.get();
    assertThat(b.ownReservedBytes()).isEqualTo(10);
  }

  @Test
  void anInterruptThatMeetsTheGrantLeavesTheBytesOrAnException() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      a.charge(100);
      AtomicReference<Thread> waiter = new AtomicReference<>();
      Future<Boolean> granted =
          threads.submit(
              () -> {
                waiter.set(Thread.currentThread());
                try {
                  b.charge(60, LONG);
                  return true;
                } catch (InterruptedException e) {
                  return false;
                } finally {
                  // The pool's thread must not keep the interrupt that came after the grant.
                  Thread.interrupted();
                }
              });
      awaitWaiters(1);
      Thread interrupter = new Thread(() -> waiter.get().interrupt());
      interrupter.start();
      a.discharge(100);
      boolean has = granted.get();
      interrupter.join();
      assertThat(b.ownReservedBytes()).isEqualTo(has ? 60 : 0);
      assertThat(registry.waitingCharges()).isZero();
      if (has) {
        b.discharge(60);
      }
    }
  }

  private Future<?> waitFor(Component component, long bytes, int waiters)
      throws InterruptedException {
    Future<?> future =
        threads.submit(
            () -> {
              component.charge(bytes, LONG);
              return null;
            });
    awaitWaiters(waiters);
    return future;
  }

  private void awaitWaiters(int count) throws InterruptedException {
    while (registry.waitingCharges() != count) {
      Thread.sleep(1);
    }
  }
}
