package io.ullage.core.internal;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;

/**
 * Those who wait for room, in the order of their coming. All methods run under the lock of {@link
 * BudgetTree}.
 *
 * <p>A waiter that is refused closes all lines of credit below the level that refused it, and no
 * line opens while anybody waits: whatever is freed there comes to the lock, which serves the
 * waiters from the head. That is why no wake-up is lost. A waiter that does not fit takes the level
 * that refused it for itself: nobody who came later gets room there before. Requests that do not
 * wait may overtake waiters: a request that fits is never refused.
 */
final class WaitingLine {
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private final CreditLines lines;

  WaitingLine(CreditLines lines) {
    this.lines = lines;
  }

  boolean isEmpty() {
    return waiters.isEmpty();
  }

  int size() {
    return waiters.size();
  }

  void add(Waiter waiter) {
    waiters.addLast(waiter);
  }

  void remove(Waiter waiter) {
    waiters.remove(waiter);
  }

  /** Grants to all who fit now, from the head on. */
  void serve() {
    if (waiters.isEmpty()) {
      return;
    }
    Set<BudgetLevel> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    Iterator<Waiter> queue = waiters.iterator();
    while (queue.hasNext()) {
      Waiter waiter = queue.next();
      if (waiter.standsBehind(taken)) {
        continue;
      }
      BudgetLevel refusing = lines.tryGrant(waiter.level(), waiter.bytes(), null);
      if (refusing == null) {
        waiter.end(Waiter.State.GRANTED);
        queue.remove();
      } else {
        taken.add(refusing);
      }
    }
  }

  /** Ends the waiting for a level that is closed. */
  void endAll(BudgetLevel level) {
    waiters.removeIf(
        waiter -> {
          boolean concerned = waiter.level() == level;
          if (concerned) {
            waiter.end(Waiter.State.CLOSED);
          }
          return concerned;
        });
  }
}
