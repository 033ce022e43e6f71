package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UninterruptedTest {
  private final CountDownLatch open = new CountDownLatch(0);
  private int waits;

  @AfterEach
  void noInterruptReachesTheNextTest() {
    Thread.interrupted();
  }

  @Test
  void waitsAgainAfterEachInterruptAndKeepsIt() {
    assertThat(Uninterrupted.await(this::interruptedTwice)).isEqualTo(3);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void keepsAnInterruptFromBefore() {
    Thread.currentThread().interrupt();
    Uninterrupted.await(this::openAtOnce);
    assertThat(waits).isEqualTo(2);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptsNobodyWhoWasNot() {
    Uninterrupted.await(this::openAtOnce);
    assertThat(waits).isEqualTo(1);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void keepsTheInterruptWhenTheWaitFails() {
    assertThatThrownBy(
            () ->
                Uninterrupted.await(
                    () -> {
                      interruptedTwice();
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThat(waits).isEqualTo(3);
    assertThat(Thread.interrupted()).isTrue();
  }

  private int interruptedTwice() throws InterruptedException {
    if (waits < 2) {
      Thread.currentThread().interrupt();
    }
    return openAtOnce();
  }

  /** As a latch, this looks for an interrupt before it looks whether there is need to wait. */
  private int openAtOnce() throws InterruptedException {
    waits++;
    open.await();
    return waits;
  }
}
