package io.ullage.core;

import io.ullage.core.internal.Account;

/**
 * One thread's access to the accounting of one component, for code that charges often.
 *
 * <p>An allocator obtains it once per thread and component ({@link Component#account()}), keeps it
 * beside its own per-thread state, and charges and discharges through it: the same as {@link
 * Component#tryCharge} and {@link Component#discharge} without looking for the thread's account
 * each time. Most calls touch nothing that is shared and cost one or two nanoseconds. It stays
 * valid until the component is closed.
 *
 * <p>Only the platform thread that obtained it may use it; two threads using one spoil the figures.
 * One that a virtual thread obtained may be used by any thread.
 */
public final class ThreadAccount {
  private final Component component;
  private final Account account;

  ThreadAccount(Component component, Account account) {
    this.component = component;
    this.account = account;
  }

  /**
   * Whose account this is.
   *
   * @return the component
   */
  public Component component() {
    return component;
  }

  /**
   * Reserves up the tree and counts one allocation, or does nothing; see {@link
   * Component#tryCharge}.
   *
   * @param bytes zero or more
   * @return false when some level has no room
   */
  public boolean tryCharge(long bytes) {
    return account.tryCharge(bytes);
  }

  /**
   * Reserves up the tree and counts one allocation, or asks the pressure listeners and tries once
   * more; see {@link Component#charge(long)}.
   *
   * @param bytes zero or more
   * @throws MemoryLimitException when there is still no room; nothing is reserved then
   */
  public void charge(long bytes) {
    if (!account.tryChargeCredit(bytes)) {
      component.chargeLocked(account, bytes);
    }
  }

  /**
   * Counts one free and gives the bytes back; see {@link Component#discharge}.
   *
   * @param bytes what an earlier charge took, on whatever thread
   */
  public void discharge(long bytes) {
    account.discharge(bytes);
  }
}
