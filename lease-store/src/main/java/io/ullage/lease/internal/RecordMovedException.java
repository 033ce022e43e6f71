package io.ullage.lease.internal;

/** A record moved to another file of its store; whoever meets this looks it up there. */
public final class RecordMovedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one, without a stack trace: it never leaves the store. */
  RecordMovedException() {
    super("the record moved", null, false, false);
  }
}
