package io.ullage.alloc.internal;

import io.ullage.core.Component;
import io.ullage.core.ThreadAccount;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of one cache have open in the name of one component: the account that they
 * charge through, and a list from which it can be taken back when a thread has ended.
 *
 * <p>It does not keep the buffers themselves reachable, so a dropped one can still be noticed.
 *
 * <pre>
 *   words[entry]   open: a {@link SlotWord}, positive      free: -(next free entry) - 1
 * </pre>
 *
 * <p>The list is guarded by the bracket of its {@link SlotCache}; the account may be used outside.
 * A ledger that is empty may be dropped by its cache; one that was dropped and is used again enters
 * the cache anew, for it has no free entries left and so has to grow.
 */
public final class OpenLedger {
  /** Entries have 19 bits of a ticket; what is open beyond is not listed, and not recovered. */
  static final int UNLISTED = (1 << 19) - 1;

  private static final int FIRST_ENTRIES = 64;

  /** Takes what is open at the ledger's end. */
  interface Heir {
    void inherit(long word, Component component, @Nullable SlotHold hold);
  }

  private final SlotCache cache;
  private final Component component;
  private final ThreadAccount account;
  private final boolean shared;
  private long[] words = {};
  private @Nullable SlotHold[] holds = {};
  private @Nullable Thread[] owners = {};
  private int firstFree = UNLISTED;

  OpenLedger(SlotCache cache, ThreadAccount account, boolean shared) {
    this.cache = cache;
    this.account = account;
    component = account.component();
    this.shared = shared;
  }

  /** Through which its threads charge and discharge. */
  public ThreadAccount account() {
    return account;
  }

  /** Who is charged. */
  public Component component() {
    return component;
  }

  /** The cache whose threads these are. */
  public SlotCache cache() {
    return cache;
  }

  /**
   * Takes a slot and lists it.
   *
   * @return a {@link Ticket}
   * @throws IllegalStateException if the pool is closed
   * @throws OutOfMemoryError if the system has no more memory
   */
  public long open(int sizeClass) {
    return cache.open(this, sizeClass);
  }

  /** Lists memory that the current thread has open but did not take here; returns its entry. */
  public int list(long word, @Nullable SlotHold hold) {
    return cache.list(this, word, hold);
  }

  /** Notes what became out of the ordinary about an entry. */
  public void relist(int entry, @Nullable SlotHold hold) {
    cache.relist(this, entry, hold);
  }

  /** Strikes an entry out; its slot stays taken. */
  public void strike(int entry) {
    cache.strike(this, entry);
  }

  /** Strikes an ordinary entry out, gives its slot back and discharges it. */
  public void close(int entry) {
    account.discharge(SizeClasses.slotBytes(cache.close(this, entry)));
  }

  /** What an entry that is listed says. */
  public long word(int entry) {
    return cache.word(this, entry);
  }

  /** Strikes an entry out and keeps its detached tenancy reachable until that is used. */
  public void detach(int entry, DetachedTenancy tenancy) {
    cache.detach(this, entry, tenancy);
  }

  int add(long word) {
    int entry = firstFree;
    if (entry == UNLISTED) {
      entry = grow();
      if (entry == UNLISTED) {
        return UNLISTED;
      }
    }
    firstFree = (int) (-words[entry] - 1);
    words[entry] = word;
    if (shared) {
      owners[entry] = Thread.currentThread();
    }
    return entry;
  }

  long wordAt(int entry) {
    return words[entry];
  }

  void remove(int entry) {
    if (entry != UNLISTED) {
      words[entry] = -firstFree - 1L;
      firstFree = entry;
      if (shared) {
        owners[entry] = null;
      }
    }
  }

  void setHold(int entry, @Nullable SlotHold hold) {
    if (entry != UNLISTED && (hold != null || entry < holds.length)) {
      if (holds.length < words.length) {
        holds = Arrays.copyOf(holds, words.length);
      }
      holds[entry] = hold;
    }
  }

  /** Gives up its entries if none is in use; false if one is. */
  boolean dropIfEmpty() {
    for (long word : words) {
      if (word > 0) {
        return false;
      }
    }
    words = new long[0];
    holds = new SlotHold[0];
    owners = new Thread[0];
    firstFree = UNLISTED;
    return true;
  }

  /** Removes the entries of ended threads; in a cache of one thread, that is all. */
  void bequeath(Heir heir) {
    for (int entry = 0; entry < words.length; entry++) {
      long word = words[entry];
      if (word > 0 && hasEnded(entry)) {
        SlotHold hold = entry < holds.length ? holds[entry] : null;
        setHold(entry, null);
        remove(entry);
        heir.inherit(word, component(), hold);
      }
    }
  }

  private boolean hasEnded(int entry) {
    if (!shared) {
      return true;
    }
    Thread owner = owners[entry];
    return owner != null && owner.getState() == Thread.State.TERMINATED;
  }

  private int grow() {
    int length = words.length;
    int larger = Math.min(Math.max(FIRST_ENTRIES, 2 * length), UNLISTED);
    if (larger == length) {
      return UNLISTED;
    }
    if (length == 0) {
      cache.enlist(this);
    }
    words = Arrays.copyOf(words, larger);
    if (shared) {
      owners = Arrays.copyOf(owners, larger);
    }
    for (int entry = length; entry < larger; entry++) {
      words[entry] = -(entry + 1 < larger ? entry + 1 : UNLISTED) - 1L;
    }
    firstFree = length;
    return firstFree;
  }
}
