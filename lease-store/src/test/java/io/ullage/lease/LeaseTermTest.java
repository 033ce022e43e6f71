package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The instants of a lease, without a clock. */
class LeaseTermTest {
  private final LeaseTerm term = new LeaseTerm(100);

  @Test
  void whoeverEndsItFirstIsTheOne() {
    assertThat(term.isEnded()).isFalse();
    assertThat(term.end()).isTrue();
    assertThat(term.end()).isFalse();
    assertThat(term.isEnded()).isTrue();
  }

  @Test
  void anExtensionDoesNotReopenWhatHasEnded() {
    assertThat(term.end()).isTrue();
    term.extend(200);
    assertThat(term.isEnded()).isTrue();
  }

  @Test
  void anExtensionMovesTheEndAndIsCounted() {
    term.extend(200);
    assertThat(term.until()).isEqualTo(200);
    assertThat(term.extensions()).isEqualTo(1);
  }

  @Test
  void itIsOverAtItsEndAndNotBefore() {
    assertThat(term.isOver(100, 99)).isFalse();
    assertThat(term.isOver(100, 100)).isTrue();
  }

  @Test
  void aLookThatSleptDoesNotFindItOverIfItWasExtendedSince() {
    long seen = term.until();
    term.extend(200);
    assertThat(term.isOver(seen, 150)).isFalse();
    assertThat(term.isOver(term.until(), 150)).isFalse();
  }
}
