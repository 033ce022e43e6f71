package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnguardedBlockTest {
  private static final long LIMIT_BYTES = 8 << 20;

  @Test
  void isWrittenReadAndFreedByDifferentThreads() throws Exception {
    try (TestPool pool = new TestPool();
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      ComponentToken token = pool.token("a");
      for (long byteSize : new long[] {8, 1000, 1 << 20, 3 << 20}) {
        UnguardedBlock block = UnguardedBlock.allocate(pool.chunks, token, byteSize, 64);
        assertThat(block.byteSize()).isEqualTo(byteSize);
        assertThat(block.segment().byteSize()).isEqualTo(byteSize);
        assertThat(block.segment().address() % 64).isZero();
        assertThat(token.component().ownReservedBytes())
            .isEqualTo(block.chargedBytes())
            .isGreaterThanOrEqualTo(byteSize);
        pool.checkAccounting();
        others.submit(() -> block.segment().set(JAVA_LONG, 0, 42)).get();
        assertThat(block.segment().get(JAVA_LONG, 0)).isEqualTo(42);
        others.submit(block::free).get();
        assertThat(token.component().ownReservedBytes()).isZero();
      }
    }
  }

  @Test
  void isFreedOnceHoweverManyThreadsTry() throws Exception {
    try (TestPool pool = new TestPool();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      ComponentToken token = pool.token("a");
      List<UnguardedBlock> blocks = new ArrayList<>();
      for (int each = 0; each < 20_000; each++) {
        blocks.add(UnguardedBlock.allocate(pool.chunks, token, 64, 1));
      }
      AtomicInteger arrivals = new AtomicInteger();
      Future<Integer> first = threads.submit(() -> freeSideBySide(blocks, arrivals));
      Future<Integer> second = threads.submit(() -> freeSideBySide(blocks, arrivals));
      assertThat(first.get() + second.get()).isEqualTo(blocks.size());
      assertThat(token.component().ownReservedBytes()).isZero();
    }
  }

  @Test
  void outlivesTheThreadThatAllocatedIt() throws InterruptedException {
    try (TestPool pool = new TestPool()) {
      List<UnguardedBlock> blocks = new ArrayList<>();
      Thread.ofPlatform()
          .start(
              () -> {
                blocks.add(UnguardedBlock.allocate(pool.chunks, pool.token("a"), 100, 1));
                blocks.add(UnguardedBlock.allocatePinned(pool.chunks, pool.token("a"), 100, 1));
                blocks.add(UnguardedBlock.allocate(pool.chunks, pool.token("a"), 2 << 20, 1));
              })
          .join();
      pool.chunks.trim().join();
      assertThat(pool.leaks).isEmpty();
      blocks.forEach(block -> block.segment().fill((byte) 1));
      blocks.forEach(UnguardedBlock::free);
    }
  }

  @Test
  void comesBackWhenItWasDroppedButNotWhileAViewLives() {
    try (TestPool pool = new TestPool(LIMIT_BYTES, LeakDetection.EVERY_SITE)) {
      ComponentToken token = pool.token("leaky");
      ByteBuffer[] view = {viewOfADroppedBlock(pool, token)};
      System.gc();
      pool.chunks.trim().join();
      assertThat(token.component().ownReservedBytes()).isEqualTo(1024);
      assertThat(view[0].get(999)).isEqualTo((byte) 7);

      view[0] = ByteBuffer.allocate(0);
      awaitLeak(pool);
      LeakReport leak = pool.leaks.remove();
      assertThat(leak.kind()).isEqualTo(LeakReport.Kind.HANDLE_DROPPED);
      assertThat(leak.chargedBytes()).isEqualTo(1024);
      assertThat(leak.site().orElseThrow().getFirst().getClassName())
          .isEqualTo(UnguardedBlockTest.class.getName());
      assertThat(token.component().ownReservedBytes()).isZero();
    }
  }

  @Test
  void comesBackWhenItWasDroppedThoughAnEarlierBlockHadTheSameView() {
    try (TestPool pool = new TestPool(LIMIT_BYTES, LeakDetection.OFF)) {
      ComponentToken token = pool.token("leaky");
      long address = addressOfAFreedBlock(pool, token);
      ByteBuffer[] view = {viewOfADroppedBlock(pool, token)};
      assertThat(MemorySegment.ofBuffer(view[0]).address()).isEqualTo(address);
      System.gc();
      pool.chunks.trim().join();
      assertThat(token.component().ownReservedBytes()).isEqualTo(1024);
      assertThat(view[0].get(999)).isEqualTo((byte) 7);

      view[0] = ByteBuffer.allocate(0);
      awaitLeak(pool);
      assertThat(pool.leaks.remove().kind()).isEqualTo(LeakReport.Kind.HANDLE_DROPPED);
      assertThat(token.component().ownReservedBytes()).isZero();
    }
  }

  @Test
  void hasItsOwnSizeWhicheverTheLastBlockOverTheSameMemoryHad() {
    try (TestPool pool = new TestPool(LIMIT_BYTES, LeakDetection.OFF)) {
      ComponentToken token = pool.token("a");
      for (int byteSize : new int[] {1000, 1024, 1000, 897, 1024}) {
        UnguardedBlock block = UnguardedBlock.allocate(pool.chunks, token, byteSize, 1);
        assertThat(block.segment().byteSize()).isEqualTo(byteSize);
        assertThat(block.buffer().capacity()).isEqualTo(byteSize);
        assertThat(block.buffer().limit(7).position(3)).isSameAs(block.buffer());
        assertThat(block.buffer().remaining()).isEqualTo(byteSize);
        block.free();
      }
    }
  }

  @Test
  void doesNotTakeTheViewOfOtherMemoryWhosePlaceItGot() {
    try (TestPool pool = new TestPool(LIMIT_BYTES, LeakDetection.OFF)) {
      ComponentToken token = pool.token("a");
      addressOfAFreedBlock(pool, token);
      DetachedSegment viewed = pool.segments.acquire(token, 1000).detach();
      DetachedSegment other = pool.segments.acquire(token, 1000).detach();
      // Each gets the place that the other left.
      viewed.attach().close();
      other.attach().close();

      UnguardedBlock first = UnguardedBlock.allocate(pool.chunks, token, 1000, 1);
      UnguardedBlock second = UnguardedBlock.allocate(pool.chunks, token, 1000, 1);
      assertThat(first.segment().address()).isNotEqualTo(second.segment().address());
      first.free();
      second.free();
    }
  }

  @Test
  void staysChargedWhenItWasPinnedAndDropped() {
    TestPool pool = new TestPool(LIMIT_BYTES, LeakDetection.EVERY_SITE);
    ComponentToken token = pool.token("leaky");
    assertThat(UnguardedBlock.allocatePinned(pool.chunks, token, 1000, 1).byteSize())
        .isEqualTo(1000);
    awaitLeak(pool);
    assertThat(pool.leaks.remove().kind()).isEqualTo(LeakReport.Kind.DROPPED);
    assertThat(token.component().ownReservedBytes()).isEqualTo(1024);
    pool.checkAccounting();
    pool.chunks.close();
    assertThat(pool.chunks.statistics().usedBytes()).isEqualTo(1024);
  }

  @Test
  void leavesNothingBehindWhenItIsRefused() {
    try (TestPool pool = new TestPool(LIMIT_BYTES)) {
      ComponentToken token = pool.token("a");
      assertThatThrownBy(() -> UnguardedBlock.allocate(pool.chunks, token, LIMIT_BYTES + 1, 1))
          .isInstanceOf(MemoryLimitException.class);
      assertThatThrownBy(() -> UnguardedBlock.allocate(pool.chunks, token, -1, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("byteSize -1");
      assertThatThrownBy(() -> UnguardedBlock.allocate(pool.chunks, token, 1, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("byteAlignment 3");
      pool.chunks.close();
      for (long byteSize : new long[] {100, 2 << 20}) {
        assertThatThrownBy(() -> UnguardedBlock.allocate(pool.chunks, token, byteSize, 1))
            .isInstanceOf(IllegalStateException.class);
      }
      assertThat(token.component().ownReservedBytes()).isZero();
    }
  }

  @Test
  void isFreedAfterItsPoolWasClosed() {
    try (TestPool pool = new TestPool()) {
      UnguardedBlock slot = UnguardedBlock.allocate(pool.chunks, pool.token("a"), 100, 1);
      UnguardedBlock span = UnguardedBlock.allocate(pool.chunks, pool.token("a"), 2 << 20, 1);
      pool.chunks.close();
      slot.segment().fill((byte) 1);
      span.segment().fill((byte) 1);
      slot.free();
      span.free();
    }
  }

  @Test
  void guardsUseAfterFreeInParanoidMode() {
    try (TestPool pool = new TestPool(Long.MAX_VALUE, LeakDetection.PARANOID)) {
      ComponentToken token = pool.token("suspect");
      UnguardedBlock block = UnguardedBlock.allocate(pool.chunks, token, 50, 1);
      ByteBuffer view = block.segment().asByteBuffer();
      block.free();
      assertThatThrownBy(() -> view.get(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> block.segment().get(JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(block::free)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("guardsUseAfterFreeInParanoidMode");
    }
  }

  private static ByteBuffer viewOfADroppedBlock(TestPool pool, ComponentToken token) {
    UnguardedBlock block = UnguardedBlock.allocate(pool.chunks, token, 1000, 1);
    block.segment().fill((byte) 7);
    return block.segment().asByteBuffer().slice(0, 1000).duplicate();
  }

  /** Frees each block when the other thread is about to, too; answers how many it freed. */
  private static int freeSideBySide(List<UnguardedBlock> blocks, AtomicInteger arrivals) {
    int freed = 0;
    int awaited = 0;
    try {
      for (UnguardedBlock block : blocks) {
        awaited += 2;
        arrivals.incrementAndGet();
        while (arrivals.get() < awaited) {
          Thread.onSpinWait();
        }
        try {
          block.free();
          freed++;
        } catch (IllegalStateException theOtherWasFirst) {
          // Each block counts once.
        }
      }
      return freed;
    } finally {
      // Whatever ended this thread, the other need not wait for it.
      arrivals.addAndGet(2 * blocks.size());
    }
  }

  private static long addressOfAFreedBlock(TestPool pool, ComponentToken token) {
    UnguardedBlock block = UnguardedBlock.allocate(pool.chunks, token, 1000, 1);
    block.free();
    return block.segment().address();
  }

  private static void awaitLeak(TestPool pool) {
    while (pool.leaks.isEmpty()) {
      System.gc();
      pool.chunks.trim().join();
    }
  }
}
