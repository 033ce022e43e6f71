package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class GrantPartitionerTest {
  private static final long LARGE = Long.MAX_VALUE / 64;

  @Property
  void grantsEveryByteAndTheSameWayEachTime(
      @ForAll("partitioners") GrantPartitioner partitioner,
      @ForAll("bounds") ComponentBounds bounds,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long limitBytes) {
    MemoryGrant grant = MemoryGrant.of(limitBytes, 0.1);
    SortedMap<String, MemoryGrant> parts = partitioner.partition(grant, bounds);
    assertThat(parts.values().stream().mapToLong(MemoryGrant::effectiveLimitBytes).sum())
        .isEqualTo(grant.effectiveLimitBytes());
    assertThat(parts.keySet()).isEqualTo(bounds.subcomponents().keySet());
    assertThat(partitioner.partition(grant, bounds)).isEqualTo(parts);
  }

  @Property
  void scaledGivesEachItsMinimumWhenAllFitAndNobodyMoreWhenNot(
      @ForAll("bounds") ComponentBounds bounds,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long limitBytes) {
    Map<String, MemoryGrant> parts =
        GrantPartitioner.scaled().partition(MemoryGrant.of(limitBytes), bounds);
    boolean fits = bounds.totalMinimumBytes() <= limitBytes;
    parts.forEach(
        (name, part) -> {
          long minimum = bounds.find(name).orElseThrow().totalMinimumBytes();
          if (fits) {
            assertThat(part.initialLimitBytes()).isGreaterThanOrEqualTo(minimum);
          } else {
            assertThat(part.initialLimitBytes()).isLessThanOrEqualTo(minimum);
          }
        });
  }

  @Test
  void equalGivesTheBytesThatDoNotDivideToTheFirstByName() {
    ComponentBounds bounds = bounds(List.of(1L, 2L, 3L), List.of(0L, 0L, 0L));
    assertThat(GrantPartitioner.equal().partition(MemoryGrant.of(11), bounds))
        .containsExactly(
            Map.entry("c0", MemoryGrant.of(4)),
            Map.entry("c1", MemoryGrant.of(4)),
            Map.entry("c2", MemoryGrant.of(3)));
  }

  @Test
  void scaledFollowsTheBounds() {
    ComponentBounds bounds = bounds(List.of(10L, 0L), List.of(30L, 10L));
    assertThat(GrantPartitioner.scaled().partition(MemoryGrant.of(30), bounds))
        .containsExactly(Map.entry("c0", MemoryGrant.of(25)), Map.entry("c1", MemoryGrant.of(5)));
    assertThat(GrantPartitioner.scaled().partition(MemoryGrant.of(4), bounds))
        .containsExactly(Map.entry("c0", MemoryGrant.of(4)), Map.entry("c1", MemoryGrant.of(0)));
  }

  @Test
  void refusesBoundsWithoutSubcomponents() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                GrantPartitioner.equal()
                    .partition(MemoryGrant.of(1), ComponentBounds.of(MemoryBounds.none())))
        .withMessageContaining("'root'");
  }

  @Provide
  Arbitrary<GrantPartitioner> partitioners() {
    return Arbitraries.of(GrantPartitioner.scaled(), GrantPartitioner.equal());
  }

  @Provide
  Arbitrary<ComponentBounds> bounds() {
    Arbitrary<List<Long>> amounts =
        Arbitraries.oneOf(Arbitraries.longs().between(0, LARGE), Arbitraries.longs().between(0, 3))
            .list()
            .ofSize(8);
    return Combinators.combine(amounts, amounts, Arbitraries.integers().between(1, 8))
        .as((min, firm, count) -> bounds(min.subList(0, count), firm.subList(0, count)));
  }

  private static ComponentBounds bounds(List<Long> minimums, List<Long> firms) {
    return ComponentBounds.of(
        builder -> {
          for (int i = 0; i < minimums.size(); i++) {
            BoundsBuilder component = builder.subcomponent("c" + i);
            component.minimum().fixed("minimum", minimums.get(i));
            component.firm().fixed("firm", firms.get(i));
          }
        });
  }
}
