package io.ullage.core.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An account whose credit changes by compare-and-set: for systems without an asymmetric fence, and
 * for virtual threads, which share a few accounts of each component.
 *
 * <p><b>Protocol.</b> The credit is one word. A negative word means that the line is closed. Owners
 * replace the word they saw by one that is less or more; a revoker exchanges it for {@link #CLOSED}
 * and has what was in it. Whoever comes second fails the comparison and sees the closed line. An
 * account of one thread counts like any other; in a shared one the cells are added to atomically.
 */
public final class SwappingAccount extends Account {
  private static final long CLOSED = Long.MIN_VALUE;

  private static final VarHandle CREDIT =
      VarHandles.longField(MethodHandles.lookup(), "creditBytes");

  private final boolean shared;

  @SuppressWarnings("UnusedVariable") // Read and written through CREDIT.
  private long creditBytes = CLOSED;

  private volatile long maxCreditBytes;

  SwappingAccount(BudgetTree tree, BudgetLevel level, boolean shared) {
    super(tree, level);
    this.shared = shared;
  }

  @Override
  public boolean tryChargeCredit(long bytes) {
    while (true) {
      long credit = (long) CREDIT.getOpaque(this);
      if (credit < bytes || (bytes | credit) < 0) {
        return false;
      }
      if (CREDIT.compareAndSet(this, credit, credit - bytes)) {
        countAllocation(bytes);
        return true;
      }
    }
  }

  @Override
  public boolean tryDischargeCredit(long bytes) {
    while (true) {
      long credit = (long) CREDIT.getOpaque(this);
      if ((bytes | credit) < 0 || bytes > maxCreditBytes - credit) {
        return false;
      }
      if (CREDIT.compareAndSet(this, credit, credit + bytes)) {
        countFree(bytes);
        return true;
      }
    }
  }

  @Override
  void countAllocation(long bytes) {
    if (shared) {
      countAllocationAtomically(bytes);
    } else {
      super.countAllocation(bytes);
    }
  }

  @Override
  void countFree(long bytes) {
    if (shared) {
      countFreeAtomically(bytes);
    } else {
      super.countFree(bytes);
    }
  }

  @Override
  void openLine(long credit, long maxCredit) {
    maxCreditBytes = maxCredit;
    CREDIT.setVolatile(this, credit);
  }

  @Override
  void beginClosing() {
    // One exchange closes it, in takeCredit.
  }

  @Override
  long takeCredit(boolean ownerIsOutside) {
    return (long) CREDIT.getAndSet(this, CLOSED);
  }
}
