package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComponentBoundsTest {
  private static final MemoryLayout ENTRY =
      MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

  private static final MemoryBounds QUEUE =
      builder -> {
        builder.minimum().fixed("header", 4096).singleValue("cursor", ValueLayout.JAVA_LONG);
        builder.firm().array("entries", ENTRY, UsageExpr.config("queue.entries", 1000));
      };

  private static final MemoryBounds PROGRAM =
      builder -> {
        builder.minimum().fixed("base", 100);
        builder.subcomponent("queue", QUEUE);
        builder.subcomponent("sources.tcp").firm().singleValue("buffer", 64);
      };

  @Test
  void addsFirmOnTopOfMinimumOverTheWholeSubtree() {
    ComponentBounds bounds = ComponentBounds.of(PROGRAM);
    assertThat(bounds.ownMinimumBytes()).isEqualTo(100);
    assertThat(bounds.ownFirmBytes()).isZero();
    assertThat(bounds.totalMinimumBytes()).isEqualTo(100 + 4096 + 8);
    assertThat(bounds.totalFirmBytes()).isEqualTo(100 + 4096 + 8 + 16_000 + 64);
    assertThat(bounds.subcomponents()).containsOnlyKeys("queue", "sources");
    ComponentBounds queue = bounds.find("queue").orElseThrow();
    assertThat(queue.totalMinimumBytes()).isEqualTo(4104);
    assertThat(queue.totalFirmBytes()).isEqualTo(4104 + 16_000);
  }

  @Test
  void findsComponentsByPath() {
    ComponentBounds bounds = ComponentBounds.of(PROGRAM);
    assertThat(bounds.path()).isEqualTo("root");
    assertThat(bounds.find("root")).contains(bounds);
    assertThat(bounds.find("sources.tcp").orElseThrow().path()).isEqualTo("sources.tcp");
    assertThat(bounds.find("sources.udp")).isEmpty();
  }

  @Test
  void countsAsManySlotsAsTheLoadFactorAsksFor() {
    ComponentBounds bounds =
        ComponentBounds.of(
            builder -> {
              builder.minimum().map("index", ValueLayout.JAVA_LONG, ENTRY, 3, 0.75);
              builder.firm().map("tight", 8, 8, 10, 1);
            });
    assertThat(bounds.ownMinimumBytes()).isEqualTo(4 * 24);
    assertThat(bounds.ownFirmBytes()).isEqualTo(160);
  }

  @Test
  void wrappedBoundsAreTheWrappedOnes() {
    assertThat(ComponentBounds.of(new Wrapper(QUEUE))).isEqualTo(ComponentBounds.of(QUEUE));
    MemoryBounds included = builder -> builder.include(new Wrapper(QUEUE));
    assertThat(ComponentBounds.of(included)).isEqualTo(ComponentBounds.of(QUEUE));
  }

  private record Wrapper(MemoryBounds wrapped) implements MemoryBounds {
    @Override
    public void specifyBounds(BoundsBuilder builder) {
      wrapped.specifyBounds(builder);
    }
  }

  @Test
  void declaringTwiceAddsUpAndResetForgets() {
    ComponentBounds twice =
        ComponentBounds.of(
            builder -> builder.subcomponent("queue", QUEUE).subcomponent("queue", QUEUE));
    assertThat(twice.totalMinimumBytes()).isEqualTo(2 * 4104);
    ComponentBounds forgotten =
        ComponentBounds.of(builder -> builder.include(PROGRAM).reset().minimum().fixed("only", 7));
    assertThat(forgotten.totalFirmBytes()).isEqualTo(7);
    assertThat(forgotten.subcomponents()).isEmpty();
  }

  @Test
  void answersWhatIf() {
    ComponentBounds bounds = ComponentBounds.of(PROGRAM);
    assertThat(bounds.settings()).containsExactly(Map.entry("queue.entries", 1000L));
    ComponentBounds doubled = bounds.withConfiguration(Map.of("queue.entries", 2000L));
    assertThat(doubled.totalFirmBytes()).isEqualTo(bounds.totalFirmBytes() + 16_000);
    assertThat(doubled.settings()).containsExactly(Map.entry("queue.entries", 2000L));
    assertThat(bounds.withConfiguration(Map.of())).isEqualTo(bounds);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bounds.withConfiguration(Map.of("queue.entrees", 1L)))
        .withMessageContaining("queue.entrees")
        .withMessageContaining("[queue.entries]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bounds.withConfiguration(Map.of("queue.entries", -1L)))
        .withMessageContaining("-1");
    assertThatExceptionOfType(UsageOverflowException.class)
        .isThrownBy(() -> bounds.withConfiguration(Map.of("queue.entries", Long.MAX_VALUE)))
        .withMessageContaining("'entries'");
  }

  @Test
  void namesTheComponentWhoseTotalOverflows() {
    assertThatExceptionOfType(UsageOverflowException.class)
        .isThrownBy(
            () ->
                ComponentBounds.of(
                    builder -> {
                      builder.subcomponent("a").minimum().fixed("x", Long.MAX_VALUE);
                      builder.subcomponent("b").minimum().fixed("x", 1);
                    }))
        .withMessageContaining("root (");
  }

  @Test
  void refusesBoundsThatContainThemselves() {
    List<MemoryBounds> cycle = new ArrayList<>();
    cycle.add(builder -> builder.subcomponent("b", cycle.get(1)));
    cycle.add(builder -> builder.subcomponent("a", cycle.get(0)));
    assertThatExceptionOfType(BoundsCycleException.class)
        .isThrownBy(() -> ComponentBounds.of(cycle.get(0)))
        .withMessageContaining("root.b.a");
  }

  @Test
  void refusesCyclesMadeOfFreshObjects() {
    assertThatExceptionOfType(BoundsCycleException.class)
        .isThrownBy(() -> ComponentBounds.of(fresh("again")));
  }

  private static MemoryBounds fresh(String name) {
    return builder -> builder.subcomponent(name, fresh(name));
  }

  @Test
  void refusesNamesNamingThePart() {
    for (String part : List.of("", "a b", "ü", "min", "firm")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ComponentBounds.of(builder -> builder.subcomponent("ok." + part)))
          .withMessageContaining(part);
    }
  }

  @Test
  void refusesBadLoadFactors() {
    for (double factor : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> ComponentBounds.of(builder -> builder.firm().map("index", 8, 8, 1, factor)))
          .withMessageContaining("'index'")
          .withMessageContaining(Double.toString(factor));
    }
  }

  @Test
  void refusesABuilderThatEscaped() {
    List<BoundsBuilder> escaped = new ArrayList<>();
    ComponentBounds.of(escaped::add);
    assertThatIllegalStateException().isThrownBy(() -> escaped.getFirst().subcomponent("late"));
    assertThatIllegalStateException()
        .isThrownBy(() -> escaped.getFirst().minimum().fixed("late", 1))
        .withMessageContaining("'root'");
  }

  @Test
  void becomesATreeSortedByName() {
    ComponentBounds bounds =
        ComponentBounds.of(
            builder -> {
              builder.subcomponent("z").firm().fixed("f", 1);
              builder.subcomponent("a").minimum().fixed("m", 2);
            });
    assertThat(bounds.toTree().toString())
        .isEqualTo(
            "{root={min={type=Sum, name=root.min, values=[]}, "
                + "firm={type=Sum, name=root.firm, values=[]}, "
                + "a={min={type=Sum, name=root.a.min, values=[{type=Constant, name=m, value=2}]}, "
                + "firm={type=Sum, name=root.a.firm, values=[]}}, "
                + "z={min={type=Sum, name=root.z.min, values=[]}, "
                + "firm={type=Sum, name=root.z.firm, "
                + "values=[{type=Constant, name=f, value=1}]}}}}");
  }

  @Test
  void printsSizesInBinaryUnits() {
    assertThat(ComponentBounds.of(PROGRAM).toText())
        .isEqualTo(
            """
            root: minimum 4.11 KiB, firm total 19.79 KiB
              [min] base = 100 B
              queue: minimum 4.01 KiB, firm total 19.63 KiB
                [min] header = 4 KiB
                [min] cursor = 8 B
                [firm] entries = 15.63 KiB = (queue.entries 1000 × 16 B)
              sources: minimum 0 B, firm total 64 B
                tcp: minimum 0 B, firm total 64 B
                  [firm] buffer = 64 B
            """);
  }
}
