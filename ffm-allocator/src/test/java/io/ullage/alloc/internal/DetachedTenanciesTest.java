package io.ullage.alloc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DetachedTenanciesTest {
  private static final int COUNT = 10_000;
  private static final int OUTSTANDING = 1_000;

  private final DetachedTenancies tenancies = new DetachedTenancies();
  private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();

  /** Nobody drops one here: its tenancy would stay in the queue, which is not ours to read. */
  private final List<Object> handles = new ArrayList<>();

  @Test
  void keepsWhatIsStillToBeUsedWhateverIsUsedMeanwhile() {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      Component component = registry.component("detached");
      Random random = new Random(7);
      List<DetachedTenancy> unused = new ArrayList<>();
      for (int each = 0; each < COUNT; each++) {
        DetachedTenancy added = tenancy(component);
        tenancies.add(added);
        unused.add(added);
        while (unused.size() > 300 || (!unused.isEmpty() && random.nextInt(3) == 0)) {
          use(unused.remove(random.nextInt(unused.size())));
        }
      }

      assertThat(tenancies.removeAll()).containsExactlyInAnyOrderElementsOf(unused);
      assertThat(tenancies.removeAll()).isEmpty();
    }
  }

  @Test
  void keepsFewMoreThanAreOutstandingWhereTheyAreUsedInOrder() {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      Component component = registry.component("detached");
      Deque<DetachedTenancy> unused = new ArrayDeque<>();
      List<WeakReference<DetachedTenancy>> used = new ArrayList<>();
      for (int each = 0; each < COUNT; each++) {
        DetachedTenancy added = tenancy(component);
        tenancies.add(added);
        unused.add(added);
        if (unused.size() > OUTSTANDING) {
          DetachedTenancy first = unused.remove();
          use(first);
          used.add(new WeakReference<>(first));
        }
        if (each == COUNT / 2) {
          System.gc(); // Pages grow old in a program that runs for long.
        }
      }

      // The page that is being written, and the first of the others in part.
      assertThat(reachable(used)).isLessThanOrEqualTo(2 * 64);
      assertThat(tenancies.removeAll()).containsExactlyInAnyOrderElementsOf(unused);
    }
  }

  @Test
  void keepsAFewPagesThoughTheFirstStaysOutForLong() {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      Component component = registry.component("detached");
      DetachedTenancy first = tenancy(component);
      tenancies.add(first);
      List<WeakReference<DetachedTenancy>> used = new ArrayList<>();
      for (int each = 0; each < COUNT; each++) {
        DetachedTenancy added = tenancy(component);
        tenancies.add(added);
        use(added);
        used.add(new WeakReference<>(added));
      }

      // The page that is being written, and four that are written before the next look.
      assertThat(reachable(used)).isLessThanOrEqualTo(5 * 64);
      assertThat(tenancies.removeAll()).containsExactly(first);
    }
  }

  private static long reachable(List<WeakReference<DetachedTenancy>> used) {
    System.gc();
    return used.stream().filter(each -> each.get() != null).count();
  }

  private DetachedTenancy tenancy(Component component) {
    Object handle = new Object();
    handles.add(handle);
    return new DetachedTenancy(
        handle, dropped, component, Slot.ofSpan(new Span(4096, 4096, false), null));
  }

  private static void use(DetachedTenancy tenancy) {
    assertThat(tenancy.tryBegin()).isTrue();
    tenancy.end(true);
  }
}
