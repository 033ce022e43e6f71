package io.ullage.core.bounds;

import io.ullage.core.bounds.internal.BoundsCheck;
import io.ullage.core.bounds.internal.Requirements;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares the bounds of a program with what it is granted, before it starts.
 *
 * <p>What there is for a component is its share of the effective limit: its minimum plus a part of
 * the rest in proportion to its firm bound, or, where not all minimums fit, a part in proportion to
 * its minimum. So where minimums do not fit, their shortfalls add up to what the program lacks, and
 * each violation says who lacks how much. A component is reported once for the limit: for its
 * minimum if that does not fit, else for its firm total.
 *
 * <p>Not thread-safe while caps are added.
 */
public final class BoundsVerifier {
  private final ComponentBounds bounds;
  private final MemoryGrant grant;
  private final SortedMap<String, Long> caps = new TreeMap<>();

  /**
   * Makes a verifier.
   *
   * @param bounds the program's bounds
   * @param grant what the program is given
   */
  public BoundsVerifier(ComponentBounds bounds, MemoryGrant grant) {
    this.bounds = bounds;
    this.grant = grant;
  }

  /**
   * Lowers a component's firm total, for example to what an operator configured for it.
   *
   * @param path the component's dotted path; {@code root} for the top
   * @param firmTotalBytes the most that the component and all below it may use
   * @return this verifier
   * @throws IllegalArgumentException if the bounds have no such component or the cap is negative
   */
  public BoundsVerifier cap(String path, long firmTotalBytes) {
    Requirements.notNegative("cap of '" + path + "'", firmTotalBytes);
    if (bounds.find(path).isEmpty()) {
      throw new IllegalArgumentException("the bounds have no component '" + path + "' to cap");
    }
    caps.put(path, firmTotalBytes);
    return this;
  }

  /** {@return every violation, the top first, then by path; empty if the bounds fit} */
  public List<BoundsViolation> violations() {
    return new BoundsCheck(bounds, grant, caps).violations();
  }

  /**
   * Verifies the bounds.
   *
   * @param mode whether to verify, and what a violation does
   * @return the bounds; with their violations, if the mode let them pass
   * @throws BoundsVerificationException in strict mode, with every violation
   */
  public VerifiedBounds verify(VerificationMode mode) {
    BoundsCheck check = new BoundsCheck(bounds, grant, caps);
    List<BoundsViolation> violations =
        mode == VerificationMode.OFF ? List.of() : check.violations();
    if (mode == VerificationMode.STRICT && !violations.isEmpty()) {
      throw new BoundsVerificationException(violations);
    }
    return new VerifiedBounds(bounds, grant, mode, violations, check.firmTotals());
  }
}
