package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * A random tree under random charges, discharges, moves, limits and thread ends on several threads,
 * one step at a time, against a plain model: the model grants what fits by arithmetic, so a request
 * that credit makes fail, or lets pass, shows at once.
 */
class ComponentTreeModelTest {
  private static final List<String> PATHS = List.of("root", "a", "a.b", "a.b.c", "a.d", "e", "e.f");
  private static final int THREADS = 3;

  @Property(tries = 150)
  void agreesWithAPlainModel(@ForAll("steps") List<Step> steps, @ForAll boolean fenced)
      throws Exception {
    try (World world = new World(fenced)) {
      for (Step step : steps) {
        world.apply(step);
        world.check();
      }
      world.giveEverythingBack();
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> sizes =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.longs().between(0, 2_000)),
            Tuple.of(2, Arbitraries.longs().between(0, 300_000)),
            Tuple.of(1, Arbitraries.longs().between(0, 20_000_000)));
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(10, Kind.CHARGE),
                Tuple.of(8, Kind.DISCHARGE),
                Tuple.of(6, Kind.BURST),
                Tuple.of(3, Kind.MOVE),
                Tuple.of(2, Kind.LIMIT),
                Tuple.of(1, Kind.END_THREAD)),
            Arbitraries.integers().between(0, THREADS - 1),
            Arbitraries.integers().between(0, PATHS.size() - 1),
            Arbitraries.integers().between(0, PATHS.size() - 1),
            sizes)
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  enum Kind {
    CHARGE,
    DISCHARGE,
    BURST,
    MOVE,
    LIMIT,
    END_THREAD
  }

  record Step(Kind kind, int thread, int component, int other, long bytes) {}

  /** The library and the model side by side. */
  private static final class World implements AutoCloseable {
    private final ComponentRegistry registry;
    private final Map<String, Long> used = new HashMap<>();
    private final Map<String, Long> limits = new HashMap<>();
    private final Map<String, MemoryFigures> before = new HashMap<>();
    private final List<ExecutorService> threads = new ArrayList<>();

    World(boolean fenced) {
      ComponentRegistryBuilder builder = ComponentRegistry.builder().withoutCounterFile();
      registry = fenced ? builder.build() : builder.withoutFence().build();
      for (String path : PATHS) {
        registry.component(path);
        used.put(path, 0L);
        limits.put(path, Long.MAX_VALUE);
      }
      for (int i = 0; i < THREADS; i++) {
        threads.add(newThread(i));
      }
    }

    void apply(Step step) throws Exception {
      String path = PATHS.get(step.component);
      Component component = registry.component(path);
      switch (step.kind) {
        case CHARGE -> charge(step, path, step.bytes);
        case BURST -> {
          // Enough calls to open a line of credit.
          for (int i = 0; i < 40; i++) {
            charge(step, path, step.bytes % 1_000);
          }
        }
        case DISCHARGE -> {
          long bytes = Math.min(step.bytes, own(path));
          on(step.thread, () -> component.discharge(bytes));
          used.merge(path, -bytes, Long::sum);
        }
        case MOVE -> {
          String to = PATHS.get(step.other);
          long bytes = Math.min(step.bytes, own(path));
          boolean fits = path.equals(to) || fits(to, bytes, path);
          Runnable move = () -> component.transferTo(registry.component(to), bytes);
          if (fits) {
            on(step.thread, move);
            used.merge(path, -bytes, Long::sum);
            used.merge(to, bytes, Long::sum);
          } else {
            assertThatThrownBy(() -> on(step.thread, move))
                .hasCauseInstanceOf(MemoryLimitException.class);
          }
        }
        case LIMIT -> {
          component.setLimitBytes(step.bytes);
          limits.put(path, step.bytes);
        }
        case END_THREAD -> {
          threads.get(step.thread).close();
          threads.set(step.thread, newThread(step.thread));
          registry.foldEndedThreads();
        }
      }
    }

    private void charge(Step step, String path, long bytes) throws Exception {
      boolean fits = fits(path, bytes, "");
      boolean[] charged = new boolean[1];
      on(step.thread, () -> charged[0] = registry.component(path).tryCharge(bytes));
      assertThat(charged[0]).as("charge of %d at %s", bytes, path).isEqualTo(fits);
      if (fits) {
        used.merge(path, bytes, Long::sum);
      }
    }

    /** Whether bytes fit at every level of a path that is not also above {@code from}. */
    private boolean fits(String path, long bytes, String from) {
      return bytes == 0
          || PATHS.stream()
              .filter(level -> isAt(path, level) && (from.isEmpty() || !isAt(from, level)))
              .allMatch(level -> bytes <= limits.getOrDefault(level, 0L) - total(level));
    }

    void check() {
      MemorySnapshot snapshot = registry.snapshot();
      assertThat(snapshot.exact()).isTrue();
      for (String path : PATHS) {
        Component component = registry.component(path);
        ComponentFigures figures = snapshot.figures(path).orElseThrow();
        assertThat(component.ownReservedBytes()).isEqualTo(own(path));
        assertThat(component.totalReservedBytes()).isEqualTo(total(path));
        assertThat(figures.own().usedBytes()).isEqualTo(own(path)).isNotNegative();
        assertThat(figures.total().reservedBytes()).isEqualTo(total(path));
        assertThat(component.grantedBytes()).isGreaterThanOrEqualTo(total(path));
        assertThat(component.peakReservedBytes()).isGreaterThanOrEqualTo(total(path));
        if (component.grantedBytes() > component.limitBytes()) {
          // Only a limit that was lowered below what is in use; credit does not stand above a
          // limit.
          assertThat(total(path)).isEqualTo(component.grantedBytes());
        }
        MemoryFigures last = before.getOrDefault(path, MemoryFigures.ZERO);
        MemoryFigures grown = figures.own().minus(last);
        assertThat(grown.allocatedBytes()).isNotNegative();
        assertThat(grown.freedBytes()).isNotNegative();
        assertThat(grown.allocations()).isNotNegative();
        assertThat(grown.frees()).isNotNegative();
        before.put(path, figures.own());
      }
    }

    void giveEverythingBack() {
      for (String path : PATHS) {
        registry.component(path).discharge(own(path));
      }
      assertThat(registry.exactSnapshot().figures("root").orElseThrow().total().reservedBytes())
          .isZero();
      // An exact snapshot closes all credit lines.
      assertThat(registry.root().grantedBytes()).isZero();
    }

    private long own(String path) {
      return used.getOrDefault(path, 0L);
    }

    private long total(String level) {
      return PATHS.stream().filter(path -> isAt(path, level)).mapToLong(this::own).sum();
    }

    private static boolean isAt(String path, String level) {
      return level.equals("root") || path.equals(level) || path.startsWith(level + ".");
    }

    private void on(int thread, Runnable task) throws InterruptedException, ExecutionException {
      threads.get(thread).submit(task).get();
    }

    /** The last thread is virtual. */
    private static ExecutorService newThread(int i) {
      ThreadFactory factory =
          i == THREADS - 1 ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
      return Executors.newSingleThreadExecutor(factory);
    }

    @Override
    public void close() {
      threads.forEach(ExecutorService::close);
      registry.close();
    }
  }
}
