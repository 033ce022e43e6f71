package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.BlockView;
import io.ullage.alloc.internal.DetachedTenancy;
import io.ullage.alloc.internal.GuardedBytes;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.ScopedMemory;
import io.ullage.alloc.internal.SizeClasses;
import io.ullage.alloc.internal.Slot;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.alloc.internal.Tenant;
import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Pooled memory that any thread may use and any thread may {@link #free}, for libraries that guard
 * their buffers themselves, by a count of references.
 *
 * <p><b>Not guarded: a use after {@link #free}.</b> The memory is somebody else's by then, and
 * {@link #segment()}, whatever was derived from it, and its address still reach it: such a use
 * reads or overwrites foreign bytes. Whoever hands out views must see to it that nobody has one
 * when it frees the block. {@link PooledSegment} is for everything that can do without. With {@link
 * LeakDetection#PARANOID}, and without native access, freeing ends the scope of the segment at the
 * price of a handshake with all threads, so that such a use throws {@link IllegalStateException}.
 *
 * <p>A second {@code free} throws, whatever the threads' timing. What a dropped block becomes
 * depends on how it was allocated: see {@link #allocate} and {@link #allocatePinned}.
 *
 * <p>Thread-safe. Costs about as much as a {@link PooledSegment} that is detached.
 */
public final class UnguardedBlock {
  private final SlotAllocator slots;
  private final MemorySegment segment;
  private final DetachedTenancy tenancy;

  /** What goes to the next block over the same slot; none where something ends with this block. */
  private final @Nullable BlockView view;

  /** The arena that ends with this block. */
  private final @Nullable Arena ending;

  private final LeakDetector.@Nullable Watch watch;

  private UnguardedBlock(SlotAllocator slots, Component component, BlockView view, long byteSize) {
    this.slots = slots;
    this.view = view;
    segment = view.segment(byteSize);
    tenancy = slots.leaks().detach(segment.scope(), component, view.slot());
    ending = null;
    watch = null;
  }

  private UnguardedBlock(
      ChunkPool pool,
      Component component,
      Slot slot,
      long byteSize,
      long byteAlignment,
      boolean pinned) {
    slots = pool.slots();
    view = null;
    Arena scope = Arena.ofShared();
    segment =
        slots.isNative()
            ? ScopedMemory.open(slot.address(), byteSize, scope)
            : scope.allocate(byteSize, byteAlignment);
    ending = !slots.isNative() || pool.guardBytes() > 0 ? scope : null;
    LeakDetector leaks = slots.leaks();
    tenancy = leaks.detach(scope.scope(), component, slot);
    long chargedBytes = chargedBytes();
    SlotHold hold = slot.hold();
    watch =
        pinned && hold != null && hold.site() != null
            ? leaks.watch(scope.scope(), component, () -> chargedBytes, hold.site(), () -> {})
            : null;
  }

  /**
   * Allocates a block of arbitrary contents. When neither it nor its segment, nor a slice or buffer
   * of that, can be reached any more, it is reported as {@link LeakReport.Kind#HANDLE_DROPPED} and
   * its memory comes back: whoever goes by the bare address must keep the block reachable. (Without
   * native access it is as {@link #allocatePinned} says.)
   *
   * @param pool where memory comes from
   * @param token whose component is charged, by the slot that is taken
   * @param byteSize bytes, zero or more
   * @param byteAlignment a power of two
   * @return the block, at least 16-byte aligned
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalStateException if the pool or the component is closed
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public static UnguardedBlock allocate(
      ChunkPool pool, ComponentToken token, long byteSize, long byteAlignment) {
    return allocate(pool, token, byteSize, byteAlignment, !pool.slots().isNative());
  }

  /**
   * Allocates a block of arbitrary contents, for use by its address. As nobody can know who has the
   * address, its memory never comes back unless it is freed: a dropped block stays charged. It is
   * reported as {@link LeakReport.Kind#DROPPED} if its site was sampled.
   *
   * @param pool where memory comes from
   * @param token whose component is charged, by the slot that is taken
   * @param byteSize bytes, zero or more
   * @param byteAlignment a power of two
   * @return the block, at least 16-byte aligned
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalStateException if the pool or the component is closed
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public static UnguardedBlock allocatePinned(
      ChunkPool pool, ComponentToken token, long byteSize, long byteAlignment) {
    return allocate(pool, token, byteSize, byteAlignment, true);
  }

  private static UnguardedBlock allocate(
      ChunkPool pool, ComponentToken token, long byteSize, long byteAlignment, boolean pinned) {
    Request.check(byteSize, byteAlignment);
    SlotAllocator slots = pool.slots();
    Tenant tenant = slots.tenant(token.component());
    long guardedBytes = byteSize + pool.guardBytes();
    long chargedBytes = Request.bytesFor(slots, guardedBytes, byteAlignment);
    tenant.account().charge(chargedBytes);
    try {
      // A span is rare and large enough that its site is always worth knowing.
      boolean isSlot = Request.fitsSlot(slots, guardedBytes, byteAlignment);
      boolean sited = isSlot ? tenant.cache().isTimeToSample() : pool.recordsSites();
      if (isSlot && !sited && pool.guardBytes() == 0) {
        return lent(slots, tenant, byteSize, byteAlignment, pinned);
      }
      AllocationSite site = sited ? AllocationSite.here() : null;
      return rare(pool, tenant, byteSize, byteAlignment, pinned, isSlot, site);
    } catch (Throwable failure) {
      tenant.account().discharge(chargedBytes);
      throw failure;
    }
  }

  private static UnguardedBlock lent(
      SlotAllocator slots, Tenant tenant, long byteSize, long byteAlignment, boolean pinned) {
    BlockView view = slots.lend(tenant, SizeClasses.of(byteSize, byteAlignment));
    try {
      return kept(new UnguardedBlock(slots, tenant.component(), view, byteSize), tenant, pinned);
    } catch (Throwable failure) {
      tenant.cache().takeBack(view);
      throw failure;
    }
  }

  private static UnguardedBlock rare(
      ChunkPool pool,
      Tenant tenant,
      long byteSize,
      long byteAlignment,
      boolean pinned,
      boolean isSlot,
      @Nullable AllocationSite site) {
    SlotAllocator slots = pool.slots();
    int guardBytes = pool.guardBytes();
    Slot taken = Request.take(slots, byteSize + guardBytes, byteAlignment, isSlot ? null : site);
    try {
      if (isSlot && site != null) {
        GuardedBytes guarded =
            guardBytes == 0
                ? null
                : new GuardedBytes(taken.address(), byteSize, taken.chargedBytes());
        taken = taken.rare(new SlotHold(null, site, guarded));
      }
      return kept(
          new UnguardedBlock(pool, tenant.component(), taken, byteSize, byteAlignment, pinned),
          tenant,
          pinned);
    } catch (Throwable failure) {
      slots.give(taken);
      throw failure;
    }
  }

  /**
   * Has the tenancy kept reachable, unless the block is pinned: then nothing keeps it so but the
   * block, and it cannot pass for a dropped one.
   */
  private static UnguardedBlock kept(UnguardedBlock block, Tenant tenant, boolean pinned) {
    if (!pinned) {
      tenant.cache().detach(block.tenancy.slot(), block.tenancy);
    }
    return block;
  }

  /**
   * The bytes. A use after {@link #free} is not guarded against.
   *
   * @return a segment of exactly the size that was asked for, for all threads; the same each time
   */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * The bytes as a buffer, for code that goes by indices: whoever uses it must leave its position,
   * limit and order alone, or use a duplicate. A use after {@link #free} is not guarded against.
   *
   * @return a buffer over all bytes, big-endian; the same each time, as a rule
   * @throws UnsupportedOperationException if the block is larger than a buffer can be
   */
  public ByteBuffer buffer() {
    return view == null ? segment.asByteBuffer() : view.buffer();
  }

  /**
   * The size that was asked for.
   *
   * @return bytes
   */
  public long byteSize() {
    return segment.byteSize();
  }

  /**
   * What the component is charged, that is, the size of the slot.
   *
   * @return bytes
   */
  public long chargedBytes() {
    return tenancy.slot().chargedBytes();
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
   * Gives the memory back, from whatever thread.
   *
   * @throws IllegalStateException if it is freed already; or, where this ends the scope, while a
   *     native call or a channel uses the segment, and nothing has changed then
   */
  public void free() {
    SlotHold hold = tenancy.slot().hold();
    if (!tenancy.tryBegin()) {
      throw new IllegalStateException("Freed already" + site(hold));
    }
    boolean done = false;
    try {
      if (ending != null) {
        ending.close();
      }
      done = true;
    } finally {
      tenancy.end(done);
      // Until here nobody may take this block for a dropped one.
      Reference.reachabilityFence(this);
    }
    if (view != null) {
      slots.takeBack(view, tenancy.component());
      return;
    }
    if (watch != null) {
      slots.leaks().forget(watch);
    }
    GuardedBytes guarded = hold == null ? null : hold.guarded();
    boolean intact = guarded == null || guarded.poison();
    slots.release(tenancy.slot(), tenancy.component());
    if (!intact) {
      throw new IllegalStateException(
          "Bytes behind the end of a block of "
              + byteSize()
              + " bytes were overwritten"
              + site(hold));
    }
  }

  private static String site(@Nullable SlotHold hold) {
    return hold == null || hold.site() == null ? "" : "\nAllocated:" + hold.site();
  }

  @Override
  public String toString() {
    return "UnguardedBlock[" + byteSize() + " bytes, " + component().path() + "]";
  }
}
