package io.ullage.alloc.internal;

import io.ullage.core.Component;
import io.ullage.core.internal.AsymmetricFence;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one thread has at hand: a stack of free slots for each size class, and for each component a
 * ledger of what it has open.
 */
public final class SlotCache extends Revocable {
  /** The entry of what is not listed. */
  public static final int UNLISTED = OpenLedger.UNLISTED;

  /**
   * The shortest time between two samples of one cache: one costs 1–2 µs, so that no thread spends
   * more than about a fiftieth of its time on them, however many buffers it opens.
   */
  private static final long SAMPLE_INTERVAL_NANOS = 100_000;

  /** Stands for the number of a thread, which is positive, where a cache is shared. */
  private static final long NO_OWNER = -1;

  /** So many components are known before the first look for those that have nothing open. */
  private static final int MIN_LEDGERS_TO_DROP = 64;

  private final SlotAllocator slots;
  private final @Nullable WeakReference<Thread> owner;
  private final long ownerId;
  private final Magazines magazines;
  private final Sampling sampling;
  private final DetachedTenancies detached = new DetachedTenancies();

  /** Changed inside the bracket, read by the cache's threads outside as well. */
  private final Map<Component, OpenLedger> ledgers = new ConcurrentHashMap<>();

  /** The ledgers that have entries. */
  private final List<OpenLedger> listed = new ArrayList<>();

  /** The ledger that was asked for last. Racy: whichever it is, it is checked. */
  private @Nullable OpenLedger recent;

  private int dropAtLedgers = MIN_LEDGERS_TO_DROP;
  private int untilSample;
  private long sampledNanos;

  /**
   * Makes an empty cache.
   *
   * @param slots whose cache it is
   * @param depots where slots come from
   * @param owner the only thread that will use it; null if it is shared
   * @param fence how its owner is stopped; null where there is none
   * @param sampling which tickets are sampled
   */
  SlotCache(
      SlotAllocator slots,
      Depot[] depots,
      @Nullable Thread owner,
      @Nullable AsymmetricFence fence,
      Sampling sampling) {
    super(owner == null ? null : fence);
    this.slots = slots;
    magazines = new Magazines(depots);
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

  /** The ledger of a component, for the current thread, whose cache this is. */
  public OpenLedger ledger(Component component) {
    OpenLedger known = recent;
    return known != null && known.component() == component ? known : findLedger(component);
  }

  private OpenLedger findLedger(Component component) {
    OpenLedger known = ledgers.get(component);
    if (known == null) {
      // Looks for the thread's account under the budget's lock: not inside the bracket.
      known = new OpenLedger(this, component.account(), owner == null);
      enter();
      try {
        OpenLedger earlier = ledgers.get(component);
        if (earlier == null) {
          dropLedgers();
          ledgers.put(component, known);
        } else {
          known = earlier;
        }
      } finally {
        leave();
      }
    }
    recent = known;
    return known;
  }

  /** Drops the ledgers of components that may be closed by now, when their number has doubled. */
  private void dropLedgers() {
    if (ledgers.size() >= dropAtLedgers) {
      ledgers.values().removeIf(OpenLedger::dropIfEmpty);
      listed.removeIf(OpenLedger::dropIfEmpty);
      dropAtLedgers = Math.max(MIN_LEDGERS_TO_DROP, 2 * ledgers.size());
    }
  }

  /** Has a ledger looked through for what ended threads have left. Inside the bracket. */
  void enlist(OpenLedger ledger) {
    listed.add(ledger);
  }

  long open(OpenLedger ledger, int sizeClass) {
    enter();
    try {
      long address = magazines.pop(sizeClass);
      int entry = ledger.add(SlotWord.of(address, sizeClass));
      return Ticket.of(address, entry, --untilSample == 0 && isTimeToSample());
    } finally {
      leave();
    }
  }

  private boolean isTimeToSample() {
    untilSample = sampling.every();
    if (untilSample <= 1) {
      return untilSample == 1;
    }
    long now = sampling.nanoClock().getAsLong();
    if (now - sampledNanos < SAMPLE_INTERVAL_NANOS) {
      return false;
    }
    sampledNanos = now;
    return true;
  }

  int list(OpenLedger ledger, long word, @Nullable SlotHold hold) {
    enter();
    try {
      int entry = ledger.add(word);
      ledger.setHold(entry, hold);
      return entry;
    } finally {
      leave();
    }
  }

  void relist(OpenLedger ledger, int entry, @Nullable SlotHold hold) {
    enter();
    try {
      ledger.setHold(entry, hold);
    } finally {
      leave();
    }
  }

  void strike(OpenLedger ledger, int entry) {
    enter();
    try {
      ledger.setHold(entry, null);
      ledger.remove(entry);
    } finally {
      leave();
    }
  }

  /** Strikes an entry out and gives its slot back; returns the slot's class. */
  int close(OpenLedger ledger, int entry) {
    enter();
    try {
      long word = ledger.wordAt(entry);
      ledger.remove(entry);
      int sizeClass = SlotWord.sizeClass(word);
      magazines.push(sizeClass, SlotWord.address(word));
      return sizeClass;
    } finally {
      leave();
    }
  }

  long word(OpenLedger ledger, int entry) {
    enter();
    try {
      return ledger.wordAt(entry);
    } finally {
      leave();
    }
  }

  void detach(OpenLedger ledger, int entry, DetachedTenancy tenancy) {
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
      return magazines.pop(sizeClass);
    } finally {
      leave();
    }
  }

  /** Gives a slot back, one that this or any other cache of the pool had handed out. */
  public void give(int sizeClass, long address) {
    enter();
    try {
      magazines.push(sizeClass, address);
    } finally {
      leave();
    }
  }

  /** Gives all slots back to the depots. */
  void flush() {
    revoke(magazines::flush);
  }

  /**
   * Gives the slots of those sizes back that nobody has used since the last call: few of them can
   * keep many chunks from running empty.
   */
  void flushIdle() {
    if (cachedBytes() > 0) {
      revoke(magazines::flushIdle);
    }
  }

  /** Gives all slots back, and from now on every slot at once. */
  void close() {
    revoke(magazines::close);
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
            listed.forEach(
                ledger ->
                    ledger.bequeath(
                        (word, component, hold) ->
                            bequests.add(() -> heir.inherit(word, component, hold)))));
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
    return magazines.bytes();
  }

  boolean isOrphaned() {
    if (owner == null) {
      return false;
    }
    Thread thread = owner.get();
    return thread == null || thread.getState() == Thread.State.TERMINATED;
  }
}
