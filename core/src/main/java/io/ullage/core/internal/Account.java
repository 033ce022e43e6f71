package io.ullage.core.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one thread has taken and given back in the name of one component, and the credit it holds
 * for that.
 *
 * <p><b>Cells.</b> Four monotone counters. Only the owner writes them (plain load, release store);
 * an account that virtual threads share adds atomically. Readers load with acquire, what was freed
 * first: a free is counted after its allocation was, so what they compute is never negative. The
 * words that count allocations and frees hold twice their number; the lowest bit is for {@link
 * FencedAccount}, which sets it while its owner is inside, and so has one store less in each call.
 *
 * <p><b>Credit.</b> Bytes that are reserved at every level of the budget and not in use. While its
 * line is open, the account charges against the credit and discharges into it without touching
 * anything shared. For any account, {@code credit + allocated - freed} changes only under the lock
 * of {@link BudgetTree}. Lines open and close under that lock only; how a closing line takes the
 * credit from a running owner is the business of the two implementations.
 */
public abstract sealed class Account extends AccountPadding permits FencedAccount, SwappingAccount {
  private static final VarHandle ALLOCATED =
      VarHandles.longField(MethodHandles.lookup(), "allocatedBytes");
  private static final VarHandle FREED = VarHandles.longField(MethodHandles.lookup(), "freedBytes");
  private static final VarHandle ALLOCATION_WORD =
      VarHandles.longField(MethodHandles.lookup(), "allocationWord");
  private static final VarHandle FREE_WORD =
      VarHandles.longField(MethodHandles.lookup(), "freeWord");

  /**
   * What one allocation or one free adds to its word; the bit below it means that it is at work.
   */
  private static final long ONE = 2;

  private final BudgetTree tree;
  private final BudgetLevel level;

  private long allocatedBytes;
  private long freedBytes;
  private long allocationWord;
  private long freeWord;

  /** The next account of the same component; written under the lock. */
  private volatile @Nullable Account next;

  /**
   * How often the owner needed the lock since it began, until the count means warm. Under the lock.
   */
  private int lockedCalls;

  /** Whether the line is open. Under the lock. */
  private boolean open;

  /** Set when the thread has ended and the cells go to the base cell. Under the lock. */
  private boolean ended;

  Account(BudgetTree tree, BudgetLevel level) {
    this.tree = tree;
    this.level = level;
  }

  /**
   * Charges against the credit; false when that does not cover it, or {@code bytes} is negative.
   * Owner only.
   */
  public abstract boolean tryChargeCredit(long bytes);

  /**
   * Discharges into the credit; false when that is full or closed, or {@code bytes} is negative.
   * Owner only.
   */
  public abstract boolean tryDischargeCredit(long bytes);

  /** Charges; false when some level has no room, which is counted as a refusal. Owner only. */
  public final boolean tryCharge(long bytes) {
    return tryChargeCredit(bytes) || tree.tryCharge(this, bytes, null);
  }

  /** Discharges. Owner only. */
  public final void discharge(long bytes) {
    if (!tryDischargeCredit(bytes)) {
      tree.discharge(this, bytes);
    }
  }

  /** The component's level. */
  public final BudgetLevel level() {
    return level;
  }

  /** Counts one allocation. Owner only. */
  void countAllocation(long bytes) {
    ALLOCATED.setRelease(this, allocatedBytes + bytes);
    ALLOCATION_WORD.setRelease(this, allocationWord + ONE);
  }

  /** Counts one free. Owner only. */
  void countFree(long bytes) {
    FREED.setRelease(this, freedBytes + bytes);
    FREE_WORD.setRelease(this, freeWord + ONE);
  }

  /** Counts one allocation when there are several owners. */
  final void countAllocationAtomically(long bytes) {
    ALLOCATED.getAndAddRelease(this, bytes);
    ALLOCATION_WORD.getAndAddRelease(this, ONE);
  }

  /** Counts one free when there are several owners. */
  final void countFreeAtomically(long bytes) {
    FREED.getAndAddRelease(this, bytes);
    FREE_WORD.getAndAddRelease(this, ONE);
  }

  /** Says that the owner is about to charge; answers the word for the end. Owner only. */
  final long enterAllocationOpaque() {
    long word = allocationWord;
    ALLOCATION_WORD.setOpaque(this, word + 1);
    return word;
  }

  /** Counts the allocation that was entered, and says that the owner is done. Owner only. */
  final void finishAllocationRelease(long word, long bytes) {
    ALLOCATED.setRelease(this, allocatedBytes + bytes);
    ALLOCATION_WORD.setRelease(this, word + ONE);
  }

  /** Counts nothing, and says that the owner is done. Owner only. */
  final void leaveAllocationRelease(long word) {
    ALLOCATION_WORD.setRelease(this, word);
  }

  /** Says that the owner is about to discharge; answers the word for the end. Owner only. */
  final long enterFreeOpaque() {
    long word = freeWord;
    FREE_WORD.setOpaque(this, word + 1);
    return word;
  }

  /** Counts the free that was entered, and says that the owner is done. Owner only. */
  final void finishFreeRelease(long word, long bytes) {
    FREED.setRelease(this, freedBytes + bytes);
    FREE_WORD.setRelease(this, word + ONE);
  }

  /** Counts nothing, and says that the owner is done. Owner only. */
  final void leaveFreeRelease(long word) {
    FREE_WORD.setRelease(this, word);
  }

  /** Whether the owner is inside. */
  final boolean isBusyAcquire() {
    long words = (long) ALLOCATION_WORD.getAcquire(this) | (long) FREE_WORD.getAcquire(this);
    return (words & 1) != 0;
  }

  /** What was allocated and not freed through this account, maybe negative. Owner, or at rest. */
  final long usedBytesPlain() {
    return allocatedBytes - freedBytes;
  }

  final long allocatedBytesAcquire() {
    return (long) ALLOCATED.getAcquire(this);
  }

  final long freedBytesAcquire() {
    return (long) FREED.getAcquire(this);
  }

  final long allocationsAcquire() {
    return (long) ALLOCATION_WORD.getAcquire(this) / ONE;
  }

  final long freesAcquire() {
    return (long) FREE_WORD.getAcquire(this) / ONE;
  }

  final @Nullable Account next() {
    return next;
  }

  final void setNext(@Nullable Account account) {
    next = account;
  }

  final boolean isOpen() {
    return open;
  }

  /** Opens the line with a credit and the most it may grow to. Under the lock, by the owner. */
  final void open(long creditBytes, long maxCreditBytes) {
    open = true;
    openLine(creditBytes, maxCreditBytes);
  }

  /**
   * First half of closing the line. Under the lock, by anybody; a fence follows, then {@link
   * #finishClosing}.
   */
  abstract void beginClosing();

  /**
   * Second half of closing the line: answers the credit that is left. Under the lock.
   *
   * @param ownerIsOutside whether the owner is the caller, or has ended, so that nobody has to be
   *     waited for
   */
  final long finishClosing(boolean ownerIsOutside) {
    long credit = takeCredit(ownerIsOutside);
    if (credit >= 0) {
      open = false;
      return credit;
    }
    return 0;
  }

  abstract void openLine(long creditBytes, long maxCreditBytes);

  /**
   * Takes all credit; negative when the owner could not be excluded in time: the owner will bring
   * it to the lock itself at its next call, for the line stays marked as closing.
   */
  abstract long takeCredit(boolean ownerIsOutside);

  /**
   * Counts a call that needed the lock; true once there were so many that credit pays. Under the
   * lock.
   */
  final boolean isWarm(int warmCalls) {
    if (lockedCalls < warmCalls) {
      lockedCalls++;
      return false;
    }
    return true;
  }

  final void markEnded() {
    ended = true;
  }

  final boolean isEnded() {
    return ended;
  }
}
