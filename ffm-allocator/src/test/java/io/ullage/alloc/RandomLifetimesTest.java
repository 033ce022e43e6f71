package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random lifetimes, each step on one of several threads, against a model that is a list: nothing
 * overlaps, patterns survive, alignment holds, accounting is exact after each step. {@link
 * ConcurrentLifetimesTest} lets the threads run side by side.
 */
class RandomLifetimesTest {
  private static final long LIMIT_BYTES = 24 << 20;
  private static final int STEPS = 400;

  @Property(tries = 60)
  void keepEveryByteAndCountEveryByte(@ForAll long seed) {
    try (TestPool pool = new TestPool(LIMIT_BYTES);
        TestThreads threads = new TestThreads(2, 1)) {
      Run run = new Run(pool, threads, new Random(seed));
      for (int step = 0; step < STEPS; step++) {
        run.step();
        run.checkAccounting();
      }
      run.endAll();
    }
  }

  /** A slot or span as the model sees it. */
  private static final class Memory {
    final long address;
    final long chargedBytes;
    final byte pattern;
    Component component;
    int holders = 1;

    Memory(MemorySegment segment, long chargedBytes, Component component, byte pattern) {
      address = segment.address();
      this.chargedBytes = chargedBytes;
      this.component = component;
      this.pattern = pattern;
    }
  }

  /** Who holds memory. */
  private sealed interface Holder {
    Memory memory();
  }

  private record Open(PooledSegment segment, int thread, Memory memory) implements Holder {}

  private record Detached(DetachedSegment handle, Memory memory) implements Holder {}

  private record Unguarded(UnguardedBlock block, Memory memory) implements Holder {}

  private static final class Run {
    private final TestPool pool;
    private final TestThreads threads;
    private final Random random;
    private final List<ComponentToken> tokens;
    private final List<Holder> holders = new ArrayList<>();

    Run(TestPool pool, TestThreads threads, Random random) {
      this.pool = pool;
      this.threads = threads;
      this.random = random;
      tokens = List.of(pool.token("a"), pool.token("a.b"), pool.token("c"));
    }

    void step() {
      if (holders.isEmpty() || random.nextInt(10) < 4) {
        acquire();
        return;
      }
      int chosen = random.nextInt(holders.size());
      Holder holder = holders.get(chosen);
      if (random.nextInt(3) == 0) {
        checkPattern(holder);
        holders.remove(chosen);
        end(holder);
        return;
      }
      holders.set(
          chosen,
          switch (holder) {
            case Open open -> changed(open);
            case Detached detached -> changed(detached);
            case Unguarded block -> block;
          });
    }

    private void acquire() {
      // Sizes spread evenly over their logarithms, up to 2 MiB, so that spans occur as well.
      long byteSize = random.nextLong(1L << random.nextInt(22));
      long alignment = 1L << random.nextInt(14);
      byte pattern = (byte) random.nextInt();
      ComponentToken token = token();
      int thread = thread();
      try {
        Holder holder =
            threads.on(
                thread,
                () ->
                    random.nextInt(4) == 0
                        ? allocate(token, byteSize, alignment, pattern)
                        : acquire(token, byteSize, alignment, pattern, thread));
        assertThat(holder.memory().address % alignment).isZero();
        holders.add(holder);
      } catch (MemoryLimitException refusal) {
        long reserved = memories().stream().mapToLong(each -> each.chargedBytes).sum();
        assertThat(reserved + byteSize * 5 / 4 + (64 << 10)).isGreaterThan(LIMIT_BYTES);
      }
    }

    private Open acquire(
        ComponentToken token, long byteSize, long alignment, byte pattern, int thread) {
      PooledSegment segment = pool.segments.acquire(token, byteSize, alignment);
      assertThat(segment.byteSize()).isEqualTo(byteSize);
      MemorySegment bytes = segment.segment().fill(pattern);
      Memory memory = new Memory(bytes, segment.chargedBytes(), token.component(), pattern);
      return new Open(segment, thread, memory);
    }

    private Unguarded allocate(ComponentToken token, long byteSize, long alignment, byte pattern) {
      UnguardedBlock block =
          random.nextBoolean()
              ? UnguardedBlock.allocate(pool.chunks, token, byteSize, alignment)
              : UnguardedBlock.allocatePinned(pool.chunks, token, byteSize, alignment);
      MemorySegment bytes = block.segment().fill(pattern);
      return new Unguarded(
          block, new Memory(bytes, block.chargedBytes(), token.component(), pattern));
    }

    private Holder changed(Open open) {
      Memory memory = open.memory;
      return switch (random.nextInt(4)) {
        case 0 -> threads.on(open.thread, () -> new Detached(open.segment.detach(), memory));
        case 1 -> {
          long offset = random.nextLong(open.segment.byteSize() + 1);
          long byteSize = random.nextLong(open.segment.byteSize() - offset + 1);
          PooledSegment slice = threads.on(open.thread, () -> open.segment.slice(offset, byteSize));
          memory.holders++;
          holders.add(new Open(slice, open.thread, memory));
          yield open;
        }
        case 2 -> {
          move(memory, token -> threads.run(open.thread, () -> open.segment.moveTo(token)));
          yield open;
        }
        default -> {
          int other = (open.thread + 1) % threads.count();
          assertThatThrownBy(() -> threads.on(other, () -> open.segment.detach()))
              .isInstanceOf(WrongThreadException.class);
          yield open;
        }
      };
    }

    private Holder changed(Detached detached) {
      Memory memory = detached.memory;
      int thread = thread();
      if (random.nextBoolean()) {
        return new Open(threads.on(thread, detached.handle::attach), thread, memory);
      }
      List<Holder> moved = new ArrayList<>();
      move(
          memory,
          token -> {
            DetachedSegment handle = threads.on(thread, () -> detached.handle.moveTo(token));
            moved.add(new Detached(handle, memory));
          });
      return moved.isEmpty() ? detached : moved.getFirst();
    }

    /**
     * Moves a charge, unless that would take it from slices or there is no room for both charges at
     * once.
     */
    private void move(Memory memory, Consumer<ComponentToken> moving) {
      ComponentToken receiver = token();
      if (memory.holders > 1 && !receiver.component().equals(memory.component)) {
        assertThatThrownBy(() -> moving.accept(receiver)).isInstanceOf(IllegalStateException.class);
        return;
      }
      try {
        moving.accept(receiver);
        memory.component = receiver.component();
      } catch (MemoryLimitException _) {
        // The charge stays where it was.
      }
    }

    private void end(Holder holder) {
      holder.memory().holders--;
      switch (holder) {
        case Open open -> threads.run(open.thread, open.segment::close);
        case Detached detached -> threads.run(thread(), detached.handle::discard);
        case Unguarded unguarded -> {
          threads.run(thread(), unguarded.block::free);
          assertThatThrownBy(() -> threads.run(thread(), unguarded.block::free))
              .isInstanceOf(IllegalStateException.class);
        }
      }
    }

    void endAll() {
      holders.forEach(
          holder -> {
            checkPattern(holder);
            end(holder);
          });
    }

    private void checkPattern(Holder holder) {
      switch (holder) {
        case Open open ->
            threads.run(open.thread, () -> check(open.segment.segment(), open.memory));
        case Unguarded unguarded ->
            threads.run(thread(), () -> check(unguarded.block.segment(), unguarded.memory));
        case Detached _ -> {
          // Nobody can reach its bytes; they are looked at when it has been attached.
        }
      }
    }

    private static void check(MemorySegment segment, Memory memory) {
      for (long at = 0; at < segment.byteSize(); at += 1 + segment.byteSize() / 50) {
        assertThat(segment.get(JAVA_BYTE, at)).isEqualTo(memory.pattern);
      }
    }

    void checkAccounting() {
      pool.checkAccounting();
      Map<Component, Long> expected = new HashMap<>();
      List<Memory> memories = memories();
      memories.forEach(each -> expected.merge(each.component, each.chargedBytes, Long::sum));
      for (Component component : pool.registry.components()) {
        assertThat(component.ownReservedBytes())
            .isEqualTo((long) expected.getOrDefault(component, 0L));
      }
      memories.sort(Comparator.comparingLong(each -> each.address));
      for (int each = 1; each < memories.size(); each++) {
        Memory before = memories.get(each - 1);
        assertThat(before.address + before.chargedBytes)
            .isLessThanOrEqualTo(memories.get(each).address);
      }
    }

    private List<Memory> memories() {
      return new ArrayList<>(holders.stream().map(Holder::memory).distinct().toList());
    }

    private ComponentToken token() {
      return tokens.get(random.nextInt(tokens.size()));
    }

    private int thread() {
      return random.nextInt(threads.count());
    }
  }
}
