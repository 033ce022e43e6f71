package io.ullage.alloc.internal;

import io.ullage.core.Component;
import io.ullage.core.internal.AsymmetricFence;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one thread has at hand: a stack of free slots for each size class; and what it has open.
 *
 * <pre>
 *   table     [ slot 0 | slot 1 | slot 2 | … ]     all that is at hand or open
 *   magazine  [ 2, 0, … ]                          one for each size class: indexes of free ones
 * </pre>
 *
 * <p>So opening and closing a buffer moves one number, and what is open is what no magazine names:
 * from the table it is taken back when a thread has ended. The table does not keep the buffers
 * themselves reachable, so a dropped one can still be noticed.
 */
public final class SlotCache extends Revocable {
  /**
   * The shortest time between two samples of one cache: one costs 1–2 µs, so that no thread spends
   * more than about a fiftieth of its time on them, however many buffers it opens.
   */
  private static final long SAMPLE_INTERVAL_NANOS = 100_000;

  /** Stands for the number of a thread, which is positive, where a cache is shared. */
  private static final long NO_OWNER = -1;

  /** So many components are known before the first look for those that no slot names. */
  private static final int MIN_TENANTS_TO_FORGET = 64;

  /** Takes what ended threads have left open. */
  interface Heir {
    void inherit(Slot slot, Component component);
  }

  private final SlotAllocator slots;
  private final Depot[] depots;
  private final @Nullable WeakReference<Thread> owner;
  private final long ownerId;
  private final SlotTable table = new SlotTable();
  private final @Nullable Magazine[] magazines = new @Nullable Magazine[SizeClasses.COUNT];
  private final Sampling sampling;
  private final DetachedTenancies detached = new DetachedTenancies();

  /** Changed inside the bracket, read by the cache's threads outside as well. */
  private final Map<Component, Tenant> tenants = new ConcurrentHashMap<>();

  /** The tenant that was asked for last. Racy: whichever it is, it is checked. */
  private @Nullable Tenant recent;

  private int forgetAtTenants = MIN_TENANTS_TO_FORGET;
  private boolean closed;

  /** Racy where threads share the cache: they may sample one more or one less. */
  private int untilSample;

  private long sampledNanos;

  /**
   * Makes an empty cache.
   *
   * @param slots whose cache it is
   * @param depots where slots come from
   * @param owner the only thread that will use it; null if it is shared
   * @param fence how its owner is stopped; null where there is none
   * @param sampling which buffers have their sites recorded
   */
  SlotCache(
      SlotAllocator slots,
      Depot[] depots,
      @Nullable Thread owner,
      @Nullable AsymmetricFence fence,
      Sampling sampling) {
    super(owner == null ? null : fence);
    this.slots = slots;
    this.depots = depots;
    this.owner = owner == null ? null : new WeakReference<>(owner);
    ownerId = owner == null ? NO_OWNER : owner.threadId();
    this.sampling = sampling;
    untilSample = sampling.every();
    sampledNanos = sampling.nanoClock().getAsLong() - SAMPLE_INTERVAL_NANOS;
  }

  /** Whose cache this is. */
  public SlotAllocator slots() {
    return slots;
  }

  /** The number of the only thread that uses this cache. */
  long ownerId() {
    return ownerId;
  }

  /** A component as the user of this cache, which is the current thread's. */
  public Tenant tenant(Component component) {
    Tenant known = recent;
    return known != null && known.component() == component ? known : findTenant(component);
  }

  /** Only here the registry is looked at: what the cache knows has passed. */
  private Tenant findTenant(Component component) {
    Tenant known = tenants.get(component);
    if (known == null) {
      slots.requireOwn(component);
      // Looks for the thread's account under the budget's lock: not inside the bracket.
      known = new Tenant(this, component.account());
      enter();
      try {
        forgetTenants();
        tenants.put(component, known);
      } finally {
        leave();
      }
    }
    recent = known;
    return known;
  }

  /** Forgets the components that no slot names, when their number has doubled: some are closed. */
  private void forgetTenants() {
    if (tenants.size() >= forgetAtTenants) {
      Set<@Nullable Tenant> named = new HashSet<>();
      table.forEach(slot -> named.add(slot.lastTenant()));
      tenants.values().retainAll(named);
      forgetAtTenants = Math.max(MIN_TENANTS_TO_FORGET, 2 * tenants.size());
    }
  }

  private Magazine magazine(int sizeClass) {
    Magazine known = magazines[sizeClass];
    return known == null ? addMagazine(sizeClass) : known;
  }

  private Magazine addMagazine(int sizeClass) {
    Magazine added = new Magazine(depots[sizeClass], table, sizeClass, closed);
    magazines[sizeClass] = added;
    return added;
  }

  /**
   * Takes a slot for a buffer of the current thread, and keeps it listed.
   *
   * @throws IllegalStateException if the pool is closed
   * @throws OutOfMemoryError if the system has no more memory
   */
  Slot open(Tenant tenant, int sizeClass) {
    enter();
    try {
      Slot slot = magazine(sizeClass).pop();
      slot.setTenant(tenant);
      if (isShared()) {
        slot.setOpener(Thread.currentThread());
      }
      return slot;
    } finally {
      leave();
    }
  }

  /** Gives an ordinary slot back that {@link #open} has listed. */
  void close(Slot slot, Magazine magazine) {
    enter();
    try {
      if (isShared()) {
        slot.setOpener(null);
      }
      magazine.push(slot);
    } finally {
      leave();
    }
  }

  /** Whether the site of the buffer that the current thread has just opened is to be recorded. */
  public boolean isTimeToSample() {
    return --untilSample <= 0 && isTimeToSampleAgain();
  }

  private boolean isTimeToSampleAgain() {
    if (sampling.every() == 0) {
      untilSample = Integer.MAX_VALUE;
      return false;
    }
    untilSample = sampling.every();
    if (untilSample == 1) {
      return true;
    }
    long now = sampling.nanoClock().getAsLong();
    if (now - sampledNanos < SAMPLE_INTERVAL_NANOS) {
      return false;
    }
    sampledNanos = now;
    return true;
  }

  /** Lists what the current thread has open but did not open here; answers what is listed now. */
  public Slot list(Slot slot, Tenant tenant) {
    enter();
    try {
      Slot listed = listed(slot);
      listed.setTenant(tenant);
      if (isShared()) {
        listed.setOpener(Thread.currentThread());
      }
      return listed;
    } finally {
      leave();
    }
  }

  private Slot listed(Slot slot) {
    Slot listed = slot;
    if (slot.isOfChunk()) {
      Magazine magazine = magazine(slot.magazine().sizeClass());
      Slot filled = slot.rarity() == null ? magazine.tryFill(slot.address()) : null;
      if (filled != null) {
        return filled;
      }
      listed = slot.inMagazine(magazine);
    }
    table.add(listed);
    return listed;
  }

  /** Strikes a slot out, if it is listed; it stays taken. */
  public void strike(Slot slot) {
    enter();
    try {
      table.remove(slot);
    } finally {
      leave();
    }
  }

  /** Lists one slot in the place of another. */
  public void replace(Slot listed, Slot unlisted) {
    enter();
    try {
      table.replace(listed, unlisted);
    } finally {
      leave();
    }
  }

  /** Has another component charged for what is open. */
  public void transfer(Slot slot, Tenant tenant) {
    enter();
    try {
      slot.setTenant(tenant);
    } finally {
      leave();
    }
  }

  /** Strikes a slot out, if it is listed, and keeps its detached tenancy reachable until used. */
  public void detach(Slot slot, DetachedTenancy tenancy) {
    enter();
    try {
      if (slot.isListed() && slot.rarity() == null && slot.magazine().tryVacate(slot)) {
        if (isShared()) {
          slot.setOpener(null);
        }
      } else {
        table.remove(slot);
      }
      detached.add(tenancy);
    } finally {
      leave();
    }
  }

  /** Takes a slot without listing it. */
  Slot take(int sizeClass) {
    enter();
    try {
      Slot slot = magazine(sizeClass).pop();
      table.remove(slot);
      return slot;
    } finally {
      leave();
    }
  }

  /** Takes a slot for an unguarded block, without listing it, and the view that goes with it. */
  BlockView lend(int sizeClass) {
    enter();
    try {
      Magazine magazine = magazine(sizeClass);
      Slot slot = magazine.pop();
      BlockView lent;
      try {
        lent = slot.takeView();
      } catch (Throwable failure) {
        magazine.push(slot);
        throw failure;
      }
      if (!magazine.tryVacate(slot)) {
        table.remove(slot);
      }
      return lent;
    } finally {
      leave();
    }
  }

  /** Takes back what any cache of the pool had lent. */
  public void takeBack(BlockView lent) {
    enter();
    try {
      long address = lent.slot().address();
      Magazine magazine = magazine(lent.slot().magazine().sizeClass());
      Slot given = magazine.tryFill(address);
      if (given == null) {
        given = Slot.of(address, magazine);
        table.add(given);
      }
      given.setView(lent);
      magazine.push(given);
    } finally {
      leave();
    }
  }

  /** Has a component discharged by the current thread, whose cache this is. */
  void discharge(Component component, long bytes) {
    Tenant known = recent;
    if (known != null && known.component() == component) {
      known.account().discharge(bytes);
    } else {
      component.discharge(bytes);
    }
  }

  /** Gives a slot back that is not listed, and that any cache of the pool had handed out. */
  void give(Slot slot) {
    enter();
    try {
      Magazine magazine = magazine(slot.magazine().sizeClass());
      Slot given = magazine.tryFill(slot.address());
      if (given == null) {
        given = slot.ordinaryIn(magazine);
        table.add(given);
      }
      magazine.push(given);
    } finally {
      leave();
    }
  }

  /** Gives all slots back to the depots. */
  void flush() {
    revoke(() -> forEachMagazine(Magazine::flush));
  }

  /**
   * Gives the slots of those sizes back that nobody has used since the last call: few of them can
   * keep many chunks from running empty.
   */
  void flushIdle() {
    if (cachedBytes() > 0) {
      revoke(() -> forEachMagazine(Magazine::flushIfIdle));
    }
  }

  /** Gives all slots back, and from now on every slot at once. */
  void close() {
    revoke(
        () -> {
          closed = true;
          forEachMagazine(Magazine::close);
        });
  }

  /** Hands over what ended threads have left open. */
  void bequeathIfEnded(Heir heir) {
    if (owner != null && !isOrphaned()) {
      return;
    }
    // The heir gives slots to a cache, perhaps to this one: it must not run inside.
    List<Slot> bequests = new ArrayList<>();
    revoke(
        () -> {
          BitSet free = new BitSet();
          forEachMagazine(magazine -> magazine.markFree(free));
          table.forEach(
              slot -> {
                if (!free.get(slot.index()) && hasEnded(slot.opener())) {
                  table.remove(slot);
                  bequests.add(slot);
                }
              });
        });
    bequests.forEach(slot -> heir.inherit(slot, slot.component()));
  }

  /** Whether the thread of an open slot has ended; all have, where there was only one. */
  private boolean hasEnded(@Nullable Thread opener) {
    return owner != null || (opener != null && opener.getState() == Thread.State.TERMINATED);
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
    for (Magazine magazine : magazines) {
      bytes += magazine == null ? 0 : magazine.bytes();
    }
    return bytes;
  }

  private void forEachMagazine(Consumer<Magazine> action) {
    for (Magazine magazine : magazines) {
      if (magazine != null) {
        action.accept(magazine);
      }
    }
  }

  boolean isOrphaned() {
    if (owner == null) {
      return false;
    }
    Thread thread = owner.get();
    return thread == null || thread.getState() == Thread.State.TERMINATED;
  }
}
