package io.ullage.core.bounds;

import io.ullage.core.ComponentRegistry;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Bounds that were compared with a grant, or, in mode off, deliberately not.
 *
 * <p>Immutable and thread-safe. Made by {@link BoundsVerifier#verify}.
 */
public final class VerifiedBounds {
  private final ComponentBounds bounds;
  private final MemoryGrant grant;
  private final VerificationMode mode;
  private final List<BoundsViolation> violations;
  private final SortedMap<String, Long> firmTotals;

  VerifiedBounds(
      ComponentBounds bounds,
      MemoryGrant grant,
      VerificationMode mode,
      List<BoundsViolation> violations,
      SortedMap<String, Long> firmTotals) {
    this.bounds = bounds;
    this.grant = grant;
    this.mode = mode;
    this.violations = List.copyOf(violations);
    this.firmTotals = Collections.unmodifiableSortedMap(new TreeMap<>(firmTotals));
  }

  /** {@return the bounds} */
  public ComponentBounds bounds() {
    return bounds;
  }

  /** {@return the grant that they were compared with} */
  public MemoryGrant grant() {
    return grant;
  }

  /** {@return the mode in which they were compared} */
  public VerificationMode mode() {
    return mode;
  }

  /**
   * {@return what did not fit; always empty in mode strict, and in mode off, which does not look}
   */
  public List<BoundsViolation> violations() {
    return violations;
  }

  /** {@return the firm total of each component after caps, by dotted path} */
  public SortedMap<String, Long> firmTotals() {
    return firmTotals;
  }

  /**
   * Makes the components of a registry, as far as they are new, tells them their bounds, and limits
   * the root to the grant's effective limit. In mode strict each other component is limited to its
   * firm total; in modes off and warn it keeps its limit and is flagged while it is above. A limit
   * below what is reserved already takes nothing away, but grants nothing new.
   *
   * @param registry the registry
   * @return the bounds in force, to be closed before the registry
   * @throws IllegalStateException if the registry is closed
   */
  public EnforcedBounds enforce(ComponentRegistry registry) {
    return EnforcedBounds.install(this, registry);
  }
}
