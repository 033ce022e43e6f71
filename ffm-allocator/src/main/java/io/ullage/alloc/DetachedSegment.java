package io.ullage.alloc;

import io.ullage.alloc.internal.DetachedTenancy;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.SlotCache;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * A buffer on its way from one thread to another: exactly one {@link #attach}, {@link #moveTo} or
 * {@link #discard} succeeds, each later one throws {@link IllegalStateException}.
 *
 * <p>Nobody can reach the bytes meanwhile, and they stay charged. Any thread may use the handle.
 * One that is dropped unused is a leak: it is reported as one, and its memory comes back, some time
 * after the garbage collector has found out.
 */
public final class DetachedSegment {
  private final SegmentPool pool;
  private final DetachedTenancy tenancy;
  private final long address;
  private final long byteSize;

  DetachedSegment(
      SegmentPool pool,
      Component component,
      long slotAddress,
      long address,
      long byteSize,
      int sizeClass,
      @Nullable SlotHold hold) {
    this.pool = pool;
    this.address = address;
    this.byteSize = byteSize;
    tenancy = pool.slots().leaks().detach(this, component, slotAddress, sizeClass, hold);
  }

  /** Strikes the buffer out of the cache's ledger, and has the cache keep the tenancy reachable. */
  void keepReachable(SlotCache cache, int entry) {
    cache.detach(entry, tenancy);
  }

  /**
   * The size that was asked for.
   *
   * @return bytes
   */
  public long byteSize() {
    return byteSize;
  }

  /**
   * What the component is charged, that is, the size of the slot.
   *
   * @return bytes
   */
  public long chargedBytes() {
    return LeakDetector.chargedBytes(tenancy.sizeClass(), tenancy.hold());
  }

  /**
   * Who is charged.
   *
   * @return the component
   */
  public Component component() {
    return tenancy.component();
  }

  /**
   * Opens a scope of the current thread over the same bytes.
   *
   * @return an open buffer
   * @throws IllegalStateException if this handle is used up, or the pool is closed (then it can
   *     still be discarded)
   */
  public PooledSegment attach() {
    pool.slots().requireOpen();
    begin();
    boolean done = false;
    try {
      PooledSegment attached = open();
      done = true;
      return attached;
    } finally {
      tenancy.end(done);
      // A use that failed must leave a handle which counted as reachable until here.
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Moves the charge to another component.
   *
   * @param receiver whose component is charged from now on; room is reserved there first
   * @return a new handle, which replaces this one
   * @throws io.ullage.core.MemoryLimitException if the receiver has no room; this handle stays
   *     valid
   * @throws IllegalStateException if this handle is used up, or shares its slot with slices that
   *     are still open
   */
  public DetachedSegment moveTo(ComponentToken receiver) {
    pool.chunkPool().requireOwn(receiver);
    begin();
    boolean done = false;
    try {
      SlotHold.requireUnshared(tenancy.hold());
      DetachedSegment moved =
          new DetachedSegment(
              pool,
              receiver.component(),
              tenancy.slotAddress(),
              address,
              byteSize,
              tenancy.sizeClass(),
              tenancy.hold());
      component().transferTo(receiver.component(), chargedBytes());
      done = true;
      moved.keepReachable(pool.slots().cache(), SlotCache.UNLISTED);
      return moved;
    } finally {
      tenancy.end(done);
      // A use that failed must leave a handle which counted as reachable until here.
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Gives the memory back without attaching it.
   *
   * @throws IllegalStateException if this handle is used up
   */
  public void discard() {
    begin();
    tenancy.end(true);
    pool.slots()
        .release(tenancy.slotAddress(), tenancy.sizeClass(), tenancy.component(), tenancy.hold());
  }

  private PooledSegment open() {
    SlotHold hold = tenancy.hold();
    if (hold != null && hold.kept() != null) {
      PooledSegment opened =
          PooledSegment.openArena(
              pool, component(), byteSize, SegmentPool.DEFAULT_ALIGNMENT_BYTES, hold);
      MemorySegment.copy(hold.kept(), 0, opened.segment(), 0, byteSize);
      hold.keep(null);
      return opened;
    }
    SlotCache cache = pool.slots().cache();
    int entry = cache.list(tenancy.slotAddress(), tenancy.sizeClass(), component(), hold);
    try {
      return PooledSegment.open(
          pool,
          component(),
          cache,
          entry,
          tenancy.slotAddress(),
          address,
          byteSize,
          tenancy.sizeClass(),
          hold);
    } catch (Throwable failure) {
      cache.strike(entry);
      throw failure;
    }
  }

  private void begin() {
    if (!tenancy.tryBegin()) {
      throw new IllegalStateException("This handle has been used already");
    }
  }

  @Override
  public String toString() {
    return "DetachedSegment[" + byteSize + " bytes, " + component().path() + "]";
  }
}
