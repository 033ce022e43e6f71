package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;

/**
 * The tokens that the header of a store allows for: it names a ceiling above all that were ever
 * drawn, and whoever draws one above it raises the ceiling first.
 */
final class ReservedTokens implements TokenCeiling {
  /** By how much the ceiling is raised at once: one write for a million acquisitions. */
  static final long RESERVE = 1L << 20;

  private final SidecarSession session;
  private volatile long ceiling;

  /** The tokens up to a ceiling that the header names. */
  ReservedTokens(SidecarSession session, long ceiling) {
    this.session = session;
    this.ceiling = ceiling;
  }

  @Override
  public void cover(long token) {
    if (token <= LEAST_TOKEN) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED,
          "the lease store's file "
              + session.files().sidecar()
              + " was overwritten (token "
              + token
              + "); rebuild it");
    }
    if (token > ceiling) {
      ceiling =
          session.underHeaderLock(
              SidecarSession.LOCK_WAIT_NANOS,
              header -> {
                if (token <= header.tokenCeiling()) {
                  return header.tokenCeiling();
                }
                SidecarHeader raised = header.withTokenCeiling(token + RESERVE);
                session.writeHeader(raised, true);
                return raised.tokenCeiling();
              });
    }
  }
}
