package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.ullage.core.bounds.BoundsViolation.Kind;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BoundsVerifierTest {
  private static final long MIB = 1 << 20;

  /** Needs 12 MiB at least and 28 MiB at most. */
  private static final ComponentBounds BOUNDS =
      ComponentBounds.of(
          builder -> {
            BoundsBuilder queue = builder.subcomponent("queue");
            queue.minimum().array("chunks", MIB, UsageExpr.config("queue.chunks", 6));
            queue.firm().fixed("window", 12 * MIB);
            builder.subcomponent("sink").minimum().fixed("buffer", 2 * MIB);
            builder.subcomponent("source").minimum().fixed("buffer", 4 * MIB);
            builder.subcomponent("source").firm().fixed("ahead", 4 * MIB);
          });

  @Test
  void bothFit() {
    assertThat(new BoundsVerifier(BOUNDS, MemoryGrant.of(28 * MIB)).violations()).isEmpty();
  }

  @Test
  void reportsEachComponentThatLacksItsMinimum() {
    List<BoundsViolation> violations =
        new BoundsVerifier(BOUNDS, MemoryGrant.of(6 * MIB)).violations();
    assertThat(violations)
        .extracting(BoundsViolation::path)
        .containsExactly("root", "queue", "sink", "source");
    assertThat(violations).extracting(BoundsViolation::kind).containsOnly(Kind.MINIMUM_OVER_LIMIT);
    assertThat(violations.get(1).message())
        .isEqualTo(
            "queue: needs 6 MiB, has 3 MiB: grant at least 12 MiB in all, or lower queue.chunks");
    assertThat(violations.get(2).message())
        .isEqualTo(
            "sink: needs 2 MiB, has 1 MiB: grant at least 12 MiB in all, or declare less for it");
  }

  @Test
  void reportsFirmTotalsOverTheLimit() {
    List<BoundsViolation> violations =
        new BoundsVerifier(BOUNDS, MemoryGrant.of(20 * MIB)).violations();
    assertThat(violations)
        .extracting(BoundsViolation::path, BoundsViolation::kind)
        .containsExactly(
            tuple("root", Kind.FIRM_OVER_LIMIT),
            tuple("queue", Kind.FIRM_OVER_LIMIT),
            tuple("source", Kind.FIRM_OVER_LIMIT));
    assertThat(violations.getFirst().neededBytes()).isEqualTo(28 * MIB);
    assertThat(violations.getFirst().availableBytes()).isEqualTo(20 * MIB);
  }

  @Test
  void reportsAZeroGrantBesideTheMinimums() {
    List<BoundsViolation> violations =
        new BoundsVerifier(BOUNDS, MemoryGrant.of(1, 0.5)).violations();
    assertThat(violations)
        .extracting(BoundsViolation::kind)
        .containsExactly(
            Kind.ZERO_GRANT,
            Kind.MINIMUM_OVER_LIMIT,
            Kind.MINIMUM_OVER_LIMIT,
            Kind.MINIMUM_OVER_LIMIT);
    assertThat(violations.getFirst().message())
        .startsWith("root: needs 12 MiB, has 0 B: grant at least 24 MiB (before a slop of 0.5)");
    assertThat(
            new BoundsVerifier(ComponentBounds.of(MemoryBounds.none()), MemoryGrant.of(0))
                .violations())
        .extracting(BoundsViolation::kind)
        .containsExactly(Kind.ZERO_GRANT);
  }

  @Test
  void reportsAMinimumOverItsCappedFirmTotal() {
    List<BoundsViolation> violations =
        new BoundsVerifier(BOUNDS, MemoryGrant.of(100 * MIB)).cap("queue", 5 * MIB).violations();
    assertThat(violations).hasSize(1);
    assertThat(violations.getFirst().kind()).isEqualTo(Kind.MINIMUM_OVER_FIRM);
    assertThat(violations.getFirst().message())
        .startsWith("queue: needs 6 MiB, has 5 MiB:")
        .endsWith("or lower queue.chunks");
  }

  @Test
  void aCapLowersWhatTheProgramNeeds() {
    BoundsVerifier verifier =
        new BoundsVerifier(BOUNDS, MemoryGrant.of(20 * MIB)).cap("queue", 10 * MIB);
    assertThat(verifier.violations()).isEmpty();
    assertThat(verifier.verify(VerificationMode.STRICT).firmTotals())
        .containsEntry("queue", 10 * MIB)
        .containsEntry("root", 20 * MIB);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> verifier.cap("nobody", 1))
        .withMessageContaining("'nobody'");
    assertThatIllegalArgumentException().isThrownBy(() -> verifier.cap("queue", -1));
  }

  @Test
  void aCapAboveOthersIsNotHeldAgainstThem() {
    assertThat(
            new BoundsVerifier(BOUNDS, MemoryGrant.of(100 * MIB))
                .cap("root", 16 * MIB)
                .violations())
        .isEmpty();
  }

  @Test
  void strictThrowsWarnReportsAndOffDoesNotLook() {
    BoundsVerifier verifier = new BoundsVerifier(BOUNDS, MemoryGrant.of(6 * MIB));
    assertThatExceptionOfType(BoundsVerificationException.class)
        .isThrownBy(() -> verifier.verify(VerificationMode.STRICT))
        .satisfies(e -> assertThat(e.violations()).isEqualTo(verifier.violations()))
        .withMessageContaining("\nqueue: needs 6 MiB, has 3 MiB");
    assertThat(verifier.verify(VerificationMode.WARN).violations())
        .isEqualTo(verifier.violations());
    assertThat(verifier.verify(VerificationMode.OFF).violations()).isEmpty();
  }

  @Property(tries = 300)
  void shortfallsOfOneKindAddUpToWhatTheProgramLacks(
      @ForAll @Size(min = 1, max = 6) List<@LongRange(min = 0, max = 1000) Long> minimums,
      @ForAll @Size(6) List<@LongRange(min = 0, max = 1000) Long> firms,
      @ForAll @LongRange(min = 1, max = 12_000) long limitBytes) {
    ComponentBounds bounds =
        ComponentBounds.of(
            builder -> {
              for (int i = 0; i < minimums.size(); i++) {
                builder.subcomponent("c" + i).minimum().fixed("m", minimums.get(i));
                builder.subcomponent("c" + i).firm().fixed("f", firms.get(i));
              }
            });
    List<BoundsViolation> violations =
        new BoundsVerifier(bounds, MemoryGrant.of(limitBytes)).violations();
    boolean lacksMinimum = bounds.totalMinimumBytes() > limitBytes;
    Kind kind = lacksMinimum ? Kind.MINIMUM_OVER_LIMIT : Kind.FIRM_OVER_LIMIT;
    long needed = lacksMinimum ? bounds.totalMinimumBytes() : bounds.totalFirmBytes();
    assertThat(
            violations.stream()
                .filter(each -> !each.path().equals("root") && each.kind() == kind)
                .mapToLong(each -> each.neededBytes() - each.availableBytes())
                .sum())
        .isEqualTo(Math.max(0, needed - limitBytes));
    assertThat(violations.isEmpty()).isEqualTo(needed <= limitBytes);
  }
}
