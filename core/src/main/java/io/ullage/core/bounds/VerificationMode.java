package io.ullage.core.bounds;

/** What happens when bounds do not fit the grant. */
public enum VerificationMode {
  /**
   * Nothing is verified and no bound becomes a limit; a component above its firm bound is flagged.
   */
  OFF,

  /**
   * Violations are handed to the caller and the program goes on; no bound becomes a limit; a
   * component above its firm bound is flagged.
   */
  WARN,

  /** A violation stops the program before it starts; firm totals become limits. */
  STRICT
}
