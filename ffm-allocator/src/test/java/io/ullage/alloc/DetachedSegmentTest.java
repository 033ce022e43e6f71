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
  void copiesItsBytesAndStaysValid() {
    PooledSegment sent = pool.segments.acquire(token, 16);
    sent.segment().set(JAVA_LONG, 8, 42);
    DetachedSegment handle = sent.detach();
    try (PooledSegment target = pool.segments.acquire(token, 24)) {
      handle.copyTo(target.segment(), 8);
      assertThat(target.segment().get(JAVA_LONG, 16)).isEqualTo(42);
      assertThatThrownBy(() -> handle.copyTo(target.segment(), 9))
          .isInstanceOf(IndexOutOfBoundsException.class);
      handle.discard();
      assertThatThrownBy(() -> handle.copyTo(target.segment(), 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void joinsAdjacentSlicesOfOneBuffer() {
    PooledSegment whole = pool.segments.acquire(token, 48);
    for (long i = 0; i < 6; i++) {
      whole.segment().setAtIndex(JAVA_LONG, i, i);
    }
    DetachedSegment first = whole.slice(0, 8).detach();
    DetachedSegment second = whole.slice(8, 16).detach();
    DetachedSegment third = whole.slice(24, 24).detach();
    whole.close();

    assertThat(first.tryJoin(third)).isEmpty();
    assertThat(second.tryJoin(first)).isEmpty();
    DetachedSegment front = first.tryJoin(second).orElseThrow();
    assertThatThrownBy(first::attach).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(second::discard).isInstanceOf(IllegalStateException.class);
    DetachedSegment joined = front.tryJoin(third).orElseThrow();
    assertThat(joined.byteSize()).isEqualTo(48);
    pool.checkAccounting();
    try (PooledSegment attached = joined.attach()) {
      for (long i = 0; i < 6; i++) {
        assertThat(attached.segment().getAtIndex(JAVA_LONG, i)).isEqualTo(i);
      }
    }
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void doesNotJoinWhatIsUsedUpOrOfAnotherBuffer() {
    PooledSegment whole = pool.segments.acquire(token, 32);
    DetachedSegment first = whole.slice(0, 16).detach();
    DetachedSegment second = whole.slice(16, 16).detach();
    whole.close();
    DetachedSegment other = pool.segments.acquire(token, 16).detach();
    assertThat(first.tryJoin(other)).isEmpty();
    assertThat(first.tryJoin(first)).isEmpty();
    second.discard();
    assertThatThrownBy(() -> first.tryJoin(second)).isInstanceOf(IllegalStateException.class);
    first.attach().close();
    other.discard();
  }

  @Test
  void aSliceMovesWithinItsComponentOnly() {
    PooledSegment whole = pool.segments.acquire(token, 32);
    DetachedSegment first = whole.slice(0, 16).detach();
    assertThatThrownBy(() -> first.moveTo(pool.token("receiver")))
        .isInstanceOf(IllegalStateException.class);
    DetachedSegment moved = first.moveTo(token);
    assertThatThrownBy(first::discard).isInstanceOf(IllegalStateException.class);
    whole.close();
    moved.discard();
    assertThat(token.component().ownReservedBytes()).isZero();
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
