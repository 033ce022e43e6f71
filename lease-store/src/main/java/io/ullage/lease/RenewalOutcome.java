package io.ullage.lease;

/** What a store answers to a renewal. */
public enum RenewalOutcome {
  /** The grant stands; a renewal extended it. */
  HELD,
  /**
   * Its time had run out before the renewal, so that it was refused, even if nobody took the key.
   */
  EXPIRED,
  /** Somebody else has the key, or an operator revoked the grant, or it was released. */
  TAKEN_OVER
}
