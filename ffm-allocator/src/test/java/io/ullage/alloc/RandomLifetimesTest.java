package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Random lifetimes against a model that is a list: nothing overlaps, patterns survive, accounting
 * is exact.
 */
class RandomLifetimesTest {
  private static final long LIMIT_BYTES = 24 << 20;

  /** One buffer as the model sees it: open, or detached. */
  private static final class Live {
    @Nullable PooledSegment open;
    @Nullable DetachedSegment detached;
    Component component;
    final long address;
    final long chargedBytes;
    final byte pattern;

    Live(PooledSegment open, byte pattern) {
      this.open = open;
      this.pattern = pattern;
      component = open.component();
      address = open.segment().address();
      chargedBytes = open.chargedBytes();
    }
  }

  @Property(tries = 60)
  void keepEveryByteAndCountEveryByte(@ForAll long seed) {
    Random random = new Random(seed);
    try (TestPool pool = new TestPool(LIMIT_BYTES)) {
      List<ComponentToken> tokens = List.of(pool.token("a"), pool.token("a.b"), pool.token("c"));
      List<Live> live = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        step(pool, tokens, live, random);
        checkAgainst(live, pool);
      }
      for (Live each : live) {
        checkPattern(each);
        free(each);
      }
    }
  }

  private static void step(
      TestPool pool, List<ComponentToken> tokens, List<Live> live, Random random) {
    ComponentToken token = tokens.get(random.nextInt(tokens.size()));
    if (live.isEmpty() || random.nextInt(10) < 4) {
      acquire(pool, token, live, random);
      return;
    }
    Live chosen = live.get(random.nextInt(live.size()));
    switch (random.nextInt(5)) {
      case 0 -> {
        if (chosen.open != null) {
          chosen.detached = chosen.open.detach();
          chosen.open = null;
        }
      }
      case 1 -> {
        if (chosen.detached != null) {
          chosen.open = chosen.detached.attach();
          chosen.detached = null;
        }
      }
      case 2 -> move(chosen, token);
      default -> {
        checkPattern(chosen);
        free(chosen);
        live.remove(chosen);
      }
    }
  }

  private static void acquire(TestPool pool, ComponentToken token, List<Live> live, Random random) {
    // Sizes spread evenly over their logarithms, up to 2 MiB, so that dedicated spans occur as
    // well.
    long byteSize = random.nextLong(1L << random.nextInt(22));
    long alignment = 1L << random.nextInt(14);
    try {
      PooledSegment segment = pool.segments.acquire(token, byteSize, alignment);
      assertThat(segment.segment().address() % alignment).isZero();
      assertThat(segment.byteSize()).isEqualTo(byteSize);
      byte pattern = (byte) random.nextInt();
      segment.segment().fill(pattern);
      live.add(new Live(segment, pattern));
    } catch (MemoryLimitException refusal) {
      long reserved = live.stream().mapToLong(each -> each.chargedBytes).sum();
      assertThat(reserved + byteSize * 5 / 4 + (64 << 10)).isGreaterThan(LIMIT_BYTES);
    }
  }

  private static void move(Live chosen, ComponentToken token) {
    try {
      if (chosen.detached != null) {
        chosen.detached = chosen.detached.moveTo(token);
      } else if (chosen.open != null) {
        chosen.open.moveTo(token);
      }
      chosen.component = token.component();
    } catch (MemoryLimitException _) {
      // No room for both charges at once: the charge stays where it was.
    }
  }

  private static void free(Live each) {
    if (each.open != null) {
      each.open.close();
    } else if (each.detached != null) {
      each.detached.discard();
    }
  }

  private static void checkPattern(Live each) {
    if (each.open == null) {
      return;
    }
    MemorySegment segment = each.open.segment();
    for (long at = 0; at < segment.byteSize(); at += 1 + segment.byteSize() / 50) {
      assertThat(segment.get(JAVA_BYTE, at)).isEqualTo(each.pattern);
    }
  }

  private static void checkAgainst(List<Live> live, TestPool pool) {
    pool.checkAccounting();
    Map<Component, Long> expected = new HashMap<>();
    live.forEach(each -> expected.merge(each.component, each.chargedBytes, Long::sum));
    for (Component component : pool.registry.components()) {
      assertThat(component.ownReservedBytes())
          .isEqualTo((long) expected.getOrDefault(component, 0L));
    }
    List<Live> sorted = new ArrayList<>(live);
    sorted.sort((left, right) -> Long.compare(left.address, right.address));
    for (int each = 1; each < sorted.size(); each++) {
      Live before = sorted.get(each - 1);
      assertThat(before.address + before.chargedBytes)
          .isLessThanOrEqualTo(sorted.get(each).address);
    }
  }
}
