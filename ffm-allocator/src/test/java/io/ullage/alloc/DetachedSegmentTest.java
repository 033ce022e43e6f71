package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DetachedSegmentTest {
  private final TestPool pool = new TestPool();
  private final ComponentToken token = pool.token("sender");

  @AfterEach
  void accountingIsExact() {
    pool.close();
  }

  @Test
  void carriesTheBytesToAnotherThread() throws ExecutionException, InterruptedException {
    try (ExecutorService receiver = Executors.newSingleThreadExecutor()) {
      PooledSegment sent = pool.segments.acquire(token, 8);
      sent.segment().set(JAVA_LONG, 0, 42);
      DetachedSegment handle = sent.detach();
      long received =
          receiver
              .submit(
                  () -> {
                    try (PooledSegment attached = handle.attach()) {
                      return attached.segment().get(JAVA_LONG, 0);
                    }
                  })
              .get();
      assertThat(received).isEqualTo(42);
    }
  }

  @Test
  void endsTheSendersScopeAndStaysCharged() {
    PooledSegment sent = pool.segments.acquire(token, 100);
    DetachedSegment handle = sent.detach();

    assertThatThrownBy(() -> sent.segment().get(JAVA_LONG, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(sent::close).isInstanceOf(IllegalStateException.class);
    assertThat(handle.byteSize()).isEqualTo(100);
    assertThat(token.component().ownReservedBytes()).isEqualTo(handle.chargedBytes());
    pool.checkAccounting();
    handle.discard();
  }

  @Test
  void worksExactlyOnce() {
    DetachedSegment discarded = pool.segments.acquire(token, 100).detach();
    discarded.discard();
    assertThatThrownBy(discarded::discard).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(discarded::attach).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> discarded.moveTo(token)).isInstanceOf(IllegalStateException.class);

    DetachedSegment attached = pool.segments.acquire(token, 2 << 20).detach();
    attached.attach().close();
    assertThatThrownBy(attached::attach).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(attached::discard).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void movesItsChargeAndIsReplaced() {
    ComponentToken receiver = pool.token("receiver");
    DetachedSegment handle = pool.segments.acquire(token, 100).detach();
    DetachedSegment moved = handle.moveTo(receiver);

    assertThatThrownBy(handle::attach).isInstanceOf(IllegalStateException.class);
    assertThat(token.component().ownReservedBytes()).isZero();
    assertThat(receiver.component().ownReservedBytes()).isEqualTo(moved.chargedBytes());
    pool.checkAccounting();
    moved.attach().close();
  }

  @Test
  void staysValidWhenTheReceiverHasNoRoom() {
    ComponentToken receiver = pool.token("receiver");
    receiver.component().setLimitBytes(10);
    DetachedSegment handle = pool.segments.acquire(token, 100).detach();

    assertThatThrownBy(() -> handle.moveTo(receiver)).isInstanceOf(MemoryLimitException.class);
    assertThat(handle.component()).isSameAs(token.component());
    pool.checkAccounting();
    handle.attach().close();
  }

  @Test
  void handsOnSlicesOneByOne() {
    PooledSegment whole = pool.segments.acquire(token, 1024);
    DetachedSegment first = whole.slice(0, 512).detach();
    DetachedSegment second = whole.slice(512, 512).detach();
    whole.close();
    assertThatThrownBy(() -> first.moveTo(pool.token("x")))
        .isInstanceOf(IllegalStateException.class);
    first.discard();
    pool.checkAccounting();
    try (PooledSegment attached = second.attach()) {
      assertThat(attached.byteSize()).isEqualTo(512);
    }
    assertThat(token.component().ownReservedBytes()).isZero();
  }
}
