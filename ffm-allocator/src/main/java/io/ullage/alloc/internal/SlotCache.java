package io.ullage.alloc.internal;

import io.ullage.core.Component;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one thread has at hand: a stack of free slots for each size class, and the ledger of what it
 * has open.
 *
 * <p>A stack that runs empty takes half its capacity from the {@link Depot}, one that is full gives
 * half back, so that a thread which only acquires and one which only closes (a hand-over) take the
 * depot's lock once for many slots.
 */
public final class SlotCache extends Revocable {
  /** Stands for the stack of a size that this thread has not used yet. */
  private static final long[] UNUSED = {};

  /** The entry of what is not listed. */
  public static final int UNLISTED = OpenLedger.UNLISTED;

  private static final int SAMPLED_BIT = 1 << 19;

  private final Depot[] depots;
  private final @Nullable WeakReference<Thread> owner;
  private final long[][] addresses = new long[SizeClasses.COUNT][];
  private final int[] counts = new int[SizeClasses.COUNT];
  private final OpenLedger ledger;
  private final int sampleEvery;
  private final DetachedTenancies detached = new DetachedTenancies();
  private int untilSample;
  private boolean closed;

  /**
   * Makes an empty cache.
   *
   * @param owner the only thread that will use it; null if it is shared
   * @param fence how its owner is stopped; null where there is none
   * @param sampleEvery how many tickets lie between two that are sampled; 0 for none
   */
  SlotCache(
      Depot[] depots, @Nullable Thread owner, @Nullable AsymmetricFence fence, int sampleEvery) {
    super(owner == null ? null : fence);
    this.depots = depots;
    this.owner = owner == null ? null : new WeakReference<>(owner);
    this.sampleEvery = sampleEvery;
    untilSample = sampleEvery;
    ledger = new OpenLedger(owner == null);
    Arrays.fill(addresses, UNUSED);
  }

  /**
   * Takes a slot and lists it.
   *
   * @return a ticket, from which {@link #address}, {@link #entry} and {@link #isSampled} are read
   * @throws IllegalStateException if the pool is closed
   * @throws OutOfMemoryError if the system has no more memory
   */
  public long open(int sizeClass, Component component) {
    enter();
    try {
      long address = pop(sizeClass);
      int entry = ledger.add(address, sizeClass, component);
      if (--untilSample == 0) {
        untilSample = sampleEvery;
        entry |= SAMPLED_BIT;
      }
      return address << 16 | entry;
    } finally {
      leave();
    }
  }

  /** The address of a ticket: it is a multiple of 16, and the rest stands below. */
  public static long address(long ticket) {
    return ticket >>> 20 << 4;
  }

  /** The entry of a ticket. */
  public static int entry(long ticket) {
    return (int) ticket & (SAMPLED_BIT - 1);
  }

  /** Whether the site of this ticket is to be recorded. */
  public static boolean isSampled(long ticket) {
    return (ticket & SAMPLED_BIT) != 0;
  }

  /** Lists memory that the current thread has open but did not take here; returns its entry. */
  public int list(long address, int sizeClass, Component component, @Nullable SlotHold hold) {
    enter();
    try {
      int entry = ledger.add(address, sizeClass, component);
      ledger.setHold(entry, hold);
      return entry;
    } finally {
      leave();
    }
  }

  /** Notes what became out of the ordinary about an entry, and who is charged now. */
  public void relist(int entry, Component component, @Nullable SlotHold hold) {
    enter();
    try {
      ledger.setComponent(entry, component);
      ledger.setHold(entry, hold);
    } finally {
      leave();
    }
  }

  /** Strikes an entry out; its slot stays taken. */
  public void strike(int entry) {
    enter();
    try {
      ledger.setHold(entry, null);
      ledger.remove(entry);
    } finally {
      leave();
    }
  }

  /** Strikes an ordinary entry out and gives its slot back. */
  public void close(int entry, int sizeClass, long address) {
    enter();
    try {
      ledger.remove(entry);
      push(sizeClass, address);
    } finally {
      leave();
    }
  }

  /** Strikes an entry out and keeps its detached tenancy reachable until that is used. */
  public void detach(int entry, DetachedTenancy tenancy) {
    enter();
    try {
      ledger.setHold(entry, null);
      ledger.remove(entry);
      detached.add(tenancy);
    } finally {
      leave();
    }
  }

  /** Takes a slot without listing it. */
  public long take(int sizeClass) {
    enter();
    try {
      return pop(sizeClass);
    } finally {
      leave();
    }
  }

  /** Gives a slot back, one that this or any other cache of the pool had handed out. */
  public void give(int sizeClass, long address) {
    enter();
    try {
      push(sizeClass, address);
    } finally {
      leave();
    }
  }

  /** Gives all slots back to the depots. */
  void flush() {
    revoke(
        () -> {
          for (int sizeClass = 0; sizeClass < counts.length; sizeClass++) {
            flush(sizeClass, 0);
            if (closed) {
              addresses[sizeClass] = UNUSED;
            }
          }
        });
  }

  /** Gives all slots back if nobody has used this cache since the last call. */
  void flushIfIdle() {
    if (wasUsedSinceLastAsked()) {
      return;
    }
    flush();
  }

  /** Gives all slots back, and from now on every slot at once. */
  void close() {
    revoke(() -> closed = true);
    flush();
  }

  /** Hands over what ended threads have left open. */
  void bequeathIfEnded(OpenLedger.Heir heir) {
    if (owner != null && !isOrphaned()) {
      return;
    }
    // The heir gives slots to a cache, perhaps to this one: it must not run inside.
    List<Runnable> bequests = new ArrayList<>();
    revoke(
        () ->
            ledger.bequeath(
                (address, sizeClass, component, hold) ->
                    bequests.add(() -> heir.inherit(address, sizeClass, component, hold))));
    bequests.forEach(Runnable::run);
  }

  /** The detached tenancies that are still to be used; they are no longer kept here. */
  List<DetachedTenancy> abandonDetached() {
    List<DetachedTenancy> abandoned = new ArrayList<>();
    revoke(() -> abandoned.addAll(detached.removeAll()));
    return abandoned;
  }

  /**
   * Bytes of free slots. A racy read, exact while nobody uses the cache: it must not stop anyone.
   */
  long cachedBytes() {
    long bytes = 0;
    for (int sizeClass = 0; sizeClass < counts.length; sizeClass++) {
      bytes += (long) counts[sizeClass] * SizeClasses.slotBytes(sizeClass);
    }
    return bytes;
  }

  boolean isOrphaned() {
    if (owner == null) {
      return false;
    }
    Thread thread = owner.get();
    return thread == null || thread.getState() == Thread.State.TERMINATED;
  }

  private long pop(int sizeClass) {
    int count = counts[sizeClass];
    if (count == 0) {
      return refill(sizeClass);
    }
    counts[sizeClass] = count - 1;
    return addresses[sizeClass][count - 1];
  }

  private void push(int sizeClass, long address) {
    long[] stack = addresses[sizeClass];
    int count = counts[sizeClass];
    if (count == stack.length) {
      pushSlowly(sizeClass, address);
      return;
    }
    stack[count] = address;
    counts[sizeClass] = count + 1;
  }

  private long refill(int sizeClass) {
    if (closed) {
      // Without a stack of its own: a slot pushed onto one would stay there for ever.
      long[] slot = new long[1];
      depots[sizeClass].take(slot, 1);
      return slot[0];
    }
    int capacity = SizeClasses.magazineSlots(sizeClass);
    long[] stack = addresses[sizeClass];
    if (stack.length < capacity) {
      stack = new long[capacity];
    }
    int count = depots[sizeClass].take(stack, (capacity + 1) >>> 1) - 1;
    addresses[sizeClass] = stack;
    counts[sizeClass] = count;
    return stack[count];
  }

  private void pushSlowly(int sizeClass, long address) {
    if (closed) {
      depots[sizeClass].give(new long[] {address}, 0, 1);
      return;
    }
    long[] stack = addresses[sizeClass];
    if (stack.length == 0) {
      stack = new long[SizeClasses.magazineSlots(sizeClass)];
      addresses[sizeClass] = stack;
    } else {
      flush(sizeClass, stack.length >>> 1);
    }
    stack[counts[sizeClass]++] = address;
  }

  /** Keeps the slots that were used last: they are the likeliest to be in the processor's cache. */
  private void flush(int sizeClass, int keep) {
    long[] stack = addresses[sizeClass];
    int count = counts[sizeClass];
    if (count > keep) {
      depots[sizeClass].give(stack, 0, count - keep);
      System.arraycopy(stack, count - keep, stack, 0, keep);
      counts[sizeClass] = keep;
    }
  }
}
