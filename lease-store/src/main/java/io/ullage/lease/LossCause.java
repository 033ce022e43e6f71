package io.ullage.lease;

/** Why a lease, or the work under it, ended before its owner wanted it to. */
public enum LossCause {
  /** It was not renewed in time. */
  EXPIRED,
  /** Somebody else has it, or an operator revoked it. */
  TAKEN_OVER,
  /** The deadline of the work passed; the lease itself is kept until the work has ended. */
  DEADLINE,
  /** The store failed, and went on failing until the margin before the end of the TTL. */
  STORE_FAULT,
  /** The manager was closed. */
  CLOSED,
  /** The thread that ran the work was interrupted by somebody else. */
  CANCELLED
}
