package io.ullage.core.bounds;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown in strict mode when bounds do not fit the grant; carries every violation. */
public final class BoundsVerificationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  // An ArrayList, so that the exception can be serialised.
  private final ArrayList<BoundsViolation> violations;

  BoundsVerificationException(List<BoundsViolation> violations) {
    super(
        violations.stream()
            .map(BoundsViolation::message)
            .collect(Collectors.joining("\n", "the bounds do not fit the grant\n", "")));
    this.violations = new ArrayList<>(violations);
  }

  /** {@return every violation, the top first, then by path} */
  public List<BoundsViolation> violations() {
    return List.copyOf(violations);
  }
}
