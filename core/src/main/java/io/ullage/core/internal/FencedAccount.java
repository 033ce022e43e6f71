package io.ullage.core.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An account whose owner never executes an atomic instruction or a fence.
 *
 * <p><b>Protocol.</b> A handshake in the manner of Dekker: the owner stores {@code busy}, then
 * loads {@code closing}; a revoker stores {@code closing}, then loads {@code busy}. Between store
 * and load each side needs a full barrier, or both could miss the other and the credit would be
 * spent twice. {@code busy} is the lowest bit of the two words that count calls. The owner has only
 * a compiler barrier there (an acquire fence: no instruction on x86-64). The revoker pays for both
 * with {@link AsymmetricFence#full()}: when that returns, either the owner's {@code busy} is
 * visible to the revoker, or the owner's later loads see {@code closing}.
 *
 * <pre>
 *   owner                                revoker, under the budget's lock
 *   busy = 1           (opaque)          closing = 1        (opaque)
 *   acquireFence       (compiler)        membarrier         (full, for both sides)
 *   closing == 0 ?     (opaque)          until busy == 0    (acquire)
 *     count the bytes  (release)         take the credit    (plain)
 *   busy = 0           (release)
 * </pre>
 *
 * <p>The credit has no word of its own: it is what the line opened with less what was used since,
 * and the cells tell that. A word that each charge and each discharge had to load and store again
 * would be one chain through both of them, twice as long as that of any cell.
 *
 * <p>The release of {@code busy} and the revoker's acquire order the owner's last change of the
 * credit before the taking. An owner that is not scheduled while it is busy delays the revoker;
 * after {@value #PATIENCE_MILLIS} ms the revoker goes on without that one credit. The line stays
 * marked as closing, so the owner's next call comes to the lock and releases the credit itself.
 */
public final class FencedAccount extends Account {
  /** Far more than the time slices that a scheduler takes away on a busy machine, yet no hang. */
  private static final long PATIENCE_MILLIS = 100;

  private static final int SPINS = 200;
  private static final long PARK_NANOS = 20_000;

  private static final VarHandle CLOSING = VarHandles.intField(MethodHandles.lookup(), "closing");

  /** The credit with which the line opened, and what was used then. */
  private long creditAndUsedBytes;

  /** The most that the credit may grow to. */
  private long maxCreditBytes;

  @SuppressWarnings("UnusedVariable") // Read and written through CLOSING.
  private int closing = 1;

  FencedAccount(BudgetTree tree, BudgetLevel level) {
    super(tree, level);
  }

  @Override
  public boolean tryChargeCredit(long bytes) {
    long word = enterAllocationOpaque();
    VarHandle.acquireFence();
    // One test for both: not negative, and covered.
    if ((int) CLOSING.getOpaque(this) == 0 && (bytes | (creditBytes() - bytes)) >= 0) {
      finishAllocationRelease(word, bytes);
      return true;
    }
    leaveAllocationRelease(word);
    return false;
  }

  @Override
  public boolean tryDischargeCredit(long bytes) {
    long word = enterFreeOpaque();
    VarHandle.acquireFence();
    if ((int) CLOSING.getOpaque(this) == 0
        && (bytes | (maxCreditBytes - creditBytes() - bytes)) >= 0) {
      finishFreeRelease(word, bytes);
      return true;
    }
    leaveFreeRelease(word);
    return false;
  }

  @Override
  void openLine(long credit, long maxCredit) {
    creditAndUsedBytes = credit + usedBytesPlain();
    maxCreditBytes = maxCredit;
    CLOSING.setOpaque(this, 0);
  }

  @Override
  void beginClosing() {
    CLOSING.setOpaque(this, 1);
  }

  @Override
  long takeCredit(boolean ownerIsOutside) {
    if (!ownerIsOutside && !awaitOwner()) {
      return -1;
    }
    return creditBytes();
  }

  private long creditBytes() {
    return creditAndUsedBytes - usedBytesPlain();
  }

  private boolean awaitOwner() {
    for (int i = 0; i < SPINS; i++) {
      if (!isBusyAcquire()) {
        return true;
      }
      Thread.onSpinWait();
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (isBusyAcquire()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(PARK_NANOS);
    }
    return true;
  }
}
