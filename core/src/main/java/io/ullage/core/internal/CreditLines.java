package io.ullage.core.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of credit of all accounts: who gets one, and how it is taken back. All methods run
 * under the lock of {@link BudgetTree}.
 *
 * <p><b>No refusal while anybody sits on credit.</b> When a level has no room, all open lines below
 * it are closed and their credit is released before the request is checked again. Lines open only
 * under the lock, so once that level has no open line left, a refusal is the truth of that moment.
 *
 * <p><b>Credit stays small.</b> A line opens after {@value #WARM_CALLS} calls that needed the lock,
 * with at most a {@value #ROOM_SHARE}th of the room that is left at the tightest level.
 */
final class CreditLines {
  /**
   * So many locked calls pass before an account gets credit: components that charge now and then
   * hold none.
   */
  private static final int WARM_CALLS = 16;

  /** 256 KiB: at 1 KiB a charge, one call in 256 takes the lock. */
  private static final long MAX_CREDIT_BYTES = 256 * 1024;

  /** Less credit than this is not worth a line. */
  private static final long MIN_CREDIT_BYTES = 4 * 1024;

  /**
   * Each line takes at most this share of the room left, so many threads together never take it
   * all.
   */
  private static final int ROOM_SHARE = 64;

  private final @Nullable AsymmetricFence fence;

  CreditLines(@Nullable AsymmetricFence fence) {
    this.fence = fence;
  }

  /** Grants to all levels below {@code end}, or to none; answers the level that refused. */
  @Nullable BudgetLevel tryGrant(BudgetLevel level, long bytes, @Nullable BudgetLevel end) {
    BudgetLevel refusing = level.refusingLevel(bytes, end);
    while (refusing != null && closeBelow(refusing)) {
      refusing = level.refusingLevel(bytes, end);
    }
    if (refusing == null) {
      level.grant(bytes, end);
    }
    return refusing;
  }

  /** Closes every line in a subtree and releases its credit; false when there was none to close. */
  boolean closeBelow(BudgetLevel top) {
    List<Account> open = new ArrayList<>();
    top.collectOpen(open);
    if (open.isEmpty()) {
      return false;
    }
    for (Account account : open) {
      account.beginClosing();
    }
    if (fence != null) {
      fence.full();
    }
    boolean closed = false;
    for (Account account : open) {
      long credit = account.finishClosing(false);
      if (!account.isOpen()) {
        closed = true;
        account.level().addOpenLines(-1);
        account.level().release(credit, null);
      }
    }
    return closed;
  }

  /** Closes the line of the calling thread: it cannot be spending at the same time. */
  void closeOwn(Account account) {
    if (account.isOpen()) {
      account.beginClosing();
      long credit = account.finishClosing(true);
      account.level().addOpenLines(-1);
      account.level().release(credit, null);
    }
  }

  /** Opens the line of the calling thread if that pays. */
  void open(Account account, long bytes, boolean withCredit) {
    BudgetLevel level = account.level();
    if (level.isClosed() || !account.isWarm(WARM_CALLS)) {
      return;
    }
    long credit = Math.min(MAX_CREDIT_BYTES, level.roomBytes() / ROOM_SHARE);
    if (credit < MIN_CREDIT_BYTES || bytes > credit) {
      return;
    }
    long given = withCredit ? credit : 0;
    level.grant(given, null);
    level.addOpenLines(1);
    account.open(given, 2 * credit);
  }
}
