package io.ullage.core.internal;

import org.jspecify.annotations.Nullable;

/**
 * The accounts of one platform thread: a small hash table from level to account. Only its thread
 * changes it; others read it once that thread has ended.
 */
final class ThreadAccounts {
  private static final int INITIAL_SLOTS = 4;

  /** The golden ratio of 32 bits: spreads consecutive numbers over the high bits. */
  private static final int SPREAD = 0x9E3779B9;

  private final Thread owner = Thread.currentThread();
  private @Nullable Account[] slots = new @Nullable Account[INITIAL_SLOTS];
  private int size;
  private @Nullable Account last;

  /** The account for a level; null when there is none yet. */
  @Nullable Account find(BudgetLevel level) {
    Account recent = last;
    if (recent != null && recent.level() == level) {
      return recent;
    }
    int mask = slots.length - 1;
    for (int i = slot(level, mask); ; i = (i + 1) & mask) {
      Account account = slots[i];
      if (account == null) {
        return null;
      }
      if (account.level() == level) {
        last = account;
        return account;
      }
    }
  }

  /**
   * Adds the account for a level that has none. Accounts of closed components are dropped when the
   * table grows.
   */
  void add(Account account) {
    if ((size + 1) * 2 > slots.length) {
      rebuild();
    }
    insert(account);
    last = account;
  }

  boolean ownerHasEnded() {
    return !owner.isAlive();
  }

  /** All accounts; null where a slot is free. */
  @Nullable Account[] slots() {
    return slots;
  }

  private void rebuild() {
    @Nullable Account[] old = slots;
    int kept = 0;
    for (Account account : old) {
      if (account != null && !account.level().isClosed()) {
        kept++;
      }
    }
    int length = INITIAL_SLOTS;
    while ((kept + 1) * 2 > length) {
      length *= 2;
    }
    slots = new @Nullable Account[length];
    size = 0;
    for (Account account : old) {
      if (account != null && !account.level().isClosed()) {
        insert(account);
      }
    }
  }

  private void insert(Account account) {
    int mask = slots.length - 1;
    int i = slot(account.level(), mask);
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = account;
    size++;
  }

  private static int slot(BudgetLevel level, int mask) {
    return slot(level.number(), mask);
  }

  /** The highest bits of the product, as many as the table has: all of its slots are used. */
  static int slot(int number, int mask) {
    return (number * SPREAD) >>> Integer.numberOfLeadingZeros(mask);
  }
}
