package io.ullage.lease.internal;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows the processes behind owner words: by the lock on their slot, which the kernel frees, and
 * earlier by {@link ExitingProcess}.
 *
 * <p>An answer of "alive" is kept for {@link #FRESH_NANOS}, so that many who wait for many keys of
 * one owner cost one look; "dead" is final for an incarnation.
 */
final class Owners implements OwnerLiveness {
  /**
   * A look costs some 30 µs: each 4 ms this is below 1 % of a core, and adds at most 4 ms to a
   * takeover.
   */
  private static final long FRESH_NANOS = 4_000_000;

  /** Slots are few, but incarnations are not: past this many the cache starts again. */
  private static final int REMEMBERED = 4 * OwnerWord.SLOTS;

  private final SidecarSession session;
  private final ProcessIdentity self;
  private final long process;
  private final ExitingProcess exiting = new ExitingProcess(Path.of("/proc"));
  private final LongSupplier nanoClock;
  private final ConcurrentMap<Long, Known> known = new ConcurrentHashMap<>();

  private record Known(SidecarSlot slot, boolean dead, long until) {}

  Owners(SidecarSession session, ProcessIdentity self, long process, LongSupplier nanoClock) {
    this.session = session;
    this.self = self;
    this.process = process;
    this.nanoClock = nanoClock;
  }

  @Override
  public boolean isDead(long owner) {
    if (owner == process) {
      return false;
    }
    return know(owner).dead;
  }

  /** The process id of an owner, 0 if its slot went to another process since. */
  long pid(long owner) {
    if (owner == process) {
      return self.pid();
    }
    SidecarSlot slot = know(owner).slot;
    return slot.incarnation() == OwnerWord.incarnation(owner) ? slot.pid() : 0;
  }

  private Known know(long owner) {
    Known before = known.get(owner);
    long now = nanoClock.getAsLong();
    if (before != null && (before.dead || now - before.until < 0)) {
      return before;
    }
    Known after = look(owner, before, now);
    if (known.size() >= REMEMBERED) {
      known.clear();
    }
    known.put(owner, after);
    return after;
  }

  private Known look(long owner, @Nullable Known before, long now) {
    int slotNumber = OwnerWord.slot(owner);
    SidecarSlot slot = before == null ? session.readSlot(slotNumber) : before.slot;
    if (slot.incarnation() != OwnerWord.incarnation(owner)
        || slotNumber == OwnerWord.slot(process)) {
      return new Known(slot, true, now);
    }
    boolean dead = isExiting(slot) || !session.isSlotTaken(slotNumber);
    if (!dead && before != null) {
      // The lock may be that of a successor in the same slot.
      slot = session.readSlot(slotNumber);
      dead = slot.incarnation() != OwnerWord.incarnation(owner);
    }
    return new Known(slot, dead, now + FRESH_NANOS);
  }

  private boolean isExiting(SidecarSlot slot) {
    return slot.pidNamespace() == self.pidNamespace()
        && exiting.isGone(slot.pid(), slot.startTicks());
  }
}
