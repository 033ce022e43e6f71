package io.ullage.core;

/** How a thread's credit is kept from being spent and revoked at the same time. */
public enum CreditPath {
  /**
   * The revoker pays for a fence on both sides: needs Linux and native access, costs the thread
   * nothing.
   */
  FENCED,
  /** Both sides use compare-and-set: works everywhere. */
  COMPARE_AND_SET
}
