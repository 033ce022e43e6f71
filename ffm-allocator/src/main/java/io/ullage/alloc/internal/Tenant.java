package io.ullage.alloc.internal;

import io.ullage.core.Component;
import io.ullage.core.ThreadAccount;

/**
 * A component as the user of one cache: the account through which the cache's threads charge it.
 *
 * <p>Immutable. A cache may forget one and make another for the same component; both charge the
 * same account.
 */
public final class Tenant {
  private final SlotCache cache;
  private final Component component;
  private final ThreadAccount account;

  Tenant(SlotCache cache, ThreadAccount account) {
    this.cache = cache;
    this.account = account;
    component = account.component();
  }

  /** The cache whose threads these are. */
  public SlotCache cache() {
    return cache;
  }

  /** Who is charged. */
  public Component component() {
    return component;
  }

  /** Through which the threads charge and discharge. */
  public ThreadAccount account() {
    return account;
  }
}
