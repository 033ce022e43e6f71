package io.ullage.core.internal;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The budget of a registry: who may have how much, who holds credit, and who waits.
 *
 * <p><b>One lock decides, few calls need it.</b> Under the lock a request is first checked against
 * every level and only then added to all of them: a request that is refused never shows in any
 * level, so it cannot make a smaller one fail. What keeps threads away from the lock is the credit
 * in their {@link Account}s, which was added to all levels before.
 *
 * <p>{@link CreditLines} says who gets credit and why nobody is refused while others sit on it,
 * {@link WaitingLine} in which order those are served who wait, and why no wake-up is lost.
 */
public final class BudgetTree {
  private final ReentrantLock lock = new ReentrantLock();
  private final CreditLines lines;
  private final WaitingLine waiters;
  private final LongSupplier nanoClock;
  private final @Nullable AsymmetricFence fence;
  private final AccountBook accounts;
  private int nextNumber;

  /**
   * Makes an empty budget.
   *
   * @param nanoClock measures how long charges wait
   * @param fence makes the credit of platform threads cheaper; null where there is none
   */
  public BudgetTree(LongSupplier nanoClock, @Nullable AsymmetricFence fence) {
    this.nanoClock = nanoClock;
    this.fence = fence;
    this.lines = new CreditLines(fence);
    this.waiters = new WaitingLine(lines);
    this.accounts = new AccountBook(this, fence != null);
  }

  /** Makes a level below another, or the root. */
  public BudgetLevel level(String path, @Nullable BudgetLevel parent) {
    lock.lock();
    try {
      BudgetLevel level = new BudgetLevel(path, parent, nextNumber++);
      if (parent != null) {
        parent.addChild(level);
      }
      return level;
    } finally {
      lock.unlock();
    }
  }

  /** The account of this thread for a component. */
  public Account account(BudgetLevel level) {
    Account known = accounts.find(level);
    return known == null ? create(level) : known;
  }

  private Account create(BudgetLevel level) {
    lock.lock();
    try {
      return accounts.create(level);
    } finally {
      lock.unlock();
    }
  }

  /** Grants and counts one allocation; false when a level has no room. */
  public boolean tryCharge(Account account, long bytes, @Nullable Refusal refusal) {
    checkSize(bytes);
    lock.lock();
    try {
      BudgetLevel level = account.level();
      lines.closeOwn(account);
      if (lines.tryGrant(level, bytes, null) != null) {
        refuse(level, bytes, null, refusal);
        return false;
      }
      account.countAllocation(bytes);
      openLine(account, bytes, true);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Like {@link #tryCharge}, but a refusal is not counted. */
  public boolean tryChargeFirst(Account account, long bytes, Refusal refusal) {
    return tryChargeUncounted(account, bytes, refusal, false);
  }

  /**
   * Like {@link #tryCharge}, but refused in any case while anybody waits, and the refusal is not
   * counted.
   */
  public boolean tryChargeInTurn(Account account, long bytes, Refusal refusal) {
    return tryChargeUncounted(account, bytes, refusal, true);
  }

  private boolean tryChargeUncounted(Account account, long bytes, Refusal refusal, boolean inTurn) {
    checkSize(bytes);
    lock.lock();
    try {
      BudgetLevel level = account.level();
      lines.closeOwn(account);
      if ((inTurn && !waiters.isEmpty()) || lines.tryGrant(level, bytes, null) != null) {
        refusal.set(level.outcomes(bytes, null));
        return false;
      }
      account.countAllocation(bytes);
      openLine(account, bytes, true);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Counts a refusal. */
  public void countRefusal(BudgetLevel level, long bytes) {
    lock.lock();
    try {
      refuse(level, bytes, null, null);
    } finally {
      lock.unlock();
    }
  }

  /** Counts one free and releases. */
  public void discharge(Account account, long bytes) {
    checkSize(bytes);
    lock.lock();
    try {
      BudgetLevel level = account.level();
      lines.closeOwn(account);
      checkCharged(level, bytes);
      account.countFree(bytes);
      level.release(bytes, null);
      waiters.serve();
      openLine(account, bytes, false);
    } finally {
      lock.unlock();
    }
  }

  /** Waits in the queue for room; false at the timeout. */
  public boolean awaitCharge(Account account, long bytes, long timeoutNanos, Refusal refusal)
      throws InterruptedException {
    WaitEvent event = FlightRecording.isPossible() ? WaitEvent.begun() : null;
    long start = nanoClock.getAsLong();
    boolean granted = false;
    lock.lockInterruptibly();
    try {
      BudgetLevel level = account.level();
      level.checkOpen();
      lines.closeOwn(account);
      Waiter waiter = new Waiter(level, bytes, lock.newCondition());
      waiters.add(waiter);
      waiters.serve();
      try {
        long remaining = timeoutNanos;
        while (waiter.state() == Waiter.State.WAITING && remaining > 0) {
          remaining = waiter.signal().awaitNanos(remaining);
        }
      } catch (InterruptedException e) {
        if (waiter.state() != Waiter.State.GRANTED) {
          throw e;
        }
        // The grant came first: the interrupt is for whatever comes next.
        Thread.currentThread().interrupt();
      } finally {
        level.countBackpressure(nanoClock.getAsLong() - start);
        if (waiter.state() == Waiter.State.GRANTED) {
          account.countAllocation(bytes);
        } else {
          waiters.remove(waiter);
          // Those behind it may fit.
          waiters.serve();
        }
      }
      granted = waiter.state() == Waiter.State.GRANTED;
      if (!granted) {
        level.checkOpen();
        refuse(level, bytes, null, refusal);
      }
    } finally {
      lock.unlock();
    }
    if (event != null) {
      event.record(account.level().path(), bytes, granted);
    }
    return granted;
  }

  /**
   * Moves charged bytes to another component; false when that has no room. Levels above both are
   * not asked: they have the bytes before and after.
   */
  public boolean tryTransfer(Account from, Account to, long bytes, Refusal refusal) {
    checkSize(bytes);
    lock.lock();
    try {
      lines.closeOwn(from);
      lines.closeOwn(to);
      checkCharged(from.level(), bytes);
      BudgetLevel common = commonLevel(from.level(), to.level());
      if (lines.tryGrant(to.level(), bytes, common) != null) {
        refuse(to.level(), bytes, common, refusal);
        return false;
      }
      to.countAllocation(bytes);
      from.countFree(bytes);
      from.level().release(bytes, common);
      waiters.serve();
      openLine(to, bytes, true);
      openLine(from, bytes, false);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Adds external bytes, or takes them back when negative; false when a level has no room. */
  public boolean tryAddExternal(BudgetLevel level, long bytes, Refusal refusal, boolean isFinal) {
    lock.lock();
    try {
      if (bytes < 0) {
        level.addExternal(bytes);
        level.release(-bytes, null);
        waiters.serve();
        return true;
      }
      if (lines.tryGrant(level, bytes, null) != null) {
        if (isFinal) {
          refuse(level, bytes, null, refusal);
        } else {
          refusal.set(level.outcomes(bytes, null));
        }
        return false;
      }
      level.addExternal(bytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sets a limit; what is granted above it stays, credit excepted, and nothing new is granted until
   * it fits.
   */
  public void setLimitBytes(BudgetLevel level, long bytes) {
    lock.lock();
    try {
      level.setLimitBytes(bytes);
      if (level.grantedBytes() > bytes) {
        lines.closeBelow(level);
      }
      waiters.serve();
    } finally {
      lock.unlock();
    }
  }

  /** Counts time for which work was held back outside of this budget. */
  public void addBackpressure(BudgetLevel level, long nanos) {
    lock.lock();
    try {
      level.countBackpressure(nanos);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses all further charges of a level. */
  public void closeLevel(BudgetLevel level) {
    lock.lock();
    try {
      level.close();
      lines.closeBelow(level);
      waiters.endAll(level);
      waiters.serve();
    } finally {
      lock.unlock();
    }
  }

  /** Removes a level that has no bytes; answers how many it has. */
  public long removeIfEmpty(BudgetLevel level) {
    lock.lock();
    try {
      lines.closeBelow(level);
      long live = level.ownGrantedBytes();
      BudgetLevel parent = level.parent();
      if (live == 0 && parent != null) {
        level.close();
        parent.removeChild(level);
        waiters.endAll(level);
      }
      waiters.serve();
      return live;
    } finally {
      lock.unlock();
    }
  }

  /** How many charges wait for room. */
  public int waitingCharges() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether credit is handed over by a fence, not by compare-and-set. */
  public boolean isFenced() {
    return fence != null;
  }

  /** Folds the cells of threads that have ended. */
  public void foldEndedThreads() {
    lock.lock();
    try {
      accounts.foldEnded();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs while no line is open and nothing is granted: whoever charges or discharges meanwhile
   * waits for the lock.
   */
  public <T> T atRest(BudgetLevel root, Supplier<T> reading) {
    lock.lock();
    try {
      lines.closeBelow(root);
      return reading.get();
    } finally {
      lock.unlock();
    }
  }

  private static void refuse(
      BudgetLevel level, long bytes, @Nullable BudgetLevel end, @Nullable Refusal refusal) {
    if (refusal != null) {
      refusal.set(level.outcomes(bytes, end));
    }
    BudgetLevel refusing = level.refusingLevel(bytes, end);
    if (FlightRecording.isPossible()) {
      RefusalEvent.record(level, refusing == null ? level : refusing, bytes);
    }
    level.countRefusal();
  }

  /** Closes the line of a thread that has ended. Under the lock. */
  void closeEnded(Account account) {
    lines.closeOwn(account);
    account.markEnded();
  }

  /**
   * Opens a line if it pays; never while anybody waits, for what is freed must come to the lock.
   */
  private void openLine(Account account, long bytes, boolean withCredit) {
    if (waiters.isEmpty()) {
      lines.open(account, bytes, withCredit);
    }
  }

  private static BudgetLevel commonLevel(BudgetLevel one, BudgetLevel other) {
    for (BudgetLevel a = one; a != null; a = a.parent()) {
      for (BudgetLevel b = other; b != null; b = b.parent()) {
        if (a == b) {
          return a;
        }
      }
    }
    throw new IllegalArgumentException(
        one.path() + " and " + other.path() + " have no common level");
  }

  private static void checkSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes " + bytes + ": must be zero or more");
    }
  }

  /**
   * Credit of other threads is not known here: what is charged may be less than what this lets
   * pass.
   */
  private static void checkCharged(BudgetLevel level, long bytes) {
    long charged = level.ownGrantedBytes() - level.externalBytes();
    if (bytes > charged) {
      throw new IllegalStateException(
          "bytes " + bytes + ": component " + level.path() + " has only " + charged + " charged");
    }
  }
}
