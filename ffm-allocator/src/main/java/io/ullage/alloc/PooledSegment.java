package io.ullage.alloc;

import io.ullage.alloc.internal.GuardedBytes;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.OpenLedger;
import io.ullage.alloc.internal.Rarity;
import io.ullage.alloc.internal.ScopedMemory;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.SlotCache;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.alloc.internal.SlotWord;
import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pooled buffer with a confined scope: acquire, use, {@link #close}.
 *
 * <p>Only the thread that acquired or attached it may use or close it; any other gets {@link
 * WrongThreadException}. After {@link #close} or {@link #detach} every access to {@link #segment}
 * and to whatever was derived from it throws {@link IllegalStateException}: the memory may belong
 * to somebody else by then, and nobody can reach it through this object. To hand the bytes on,
 * {@link #detach} and have the receiver {@link DetachedSegment#attach}.
 *
 * <p>A segment that is neither closed nor detached keeps its memory and its charge.
 */
public final class PooledSegment implements AutoCloseable {
  private final Arena scope;
  private final MemorySegment segment;
  private OpenLedger ledger;
  private int entry;
  private @Nullable Rarity rarity;

  private PooledSegment(
      OpenLedger ledger, int entry, Arena scope, MemorySegment segment, @Nullable Rarity rarity) {
    this.ledger = ledger;
    this.entry = entry;
    this.scope = scope;
    this.segment = segment;
    this.rarity = rarity;
    if (rarity != null) {
      rarity.watch(slots().leaks(), scope.scope(), ledger.component());
    }
  }

  /** Opens a scope over a slot that was just taken and listed, and is nothing else but a slot. */
  static PooledSegment open(OpenLedger ledger, int entry, long address, long byteSize) {
    Arena scope = Arena.ofConfined();
    return new PooledSegment(
        ledger, entry, scope, ScopedMemory.open(address, byteSize, scope), null);
  }

  /** Opens a scope over listed memory, or over a part of it, which stays charged. */
  static PooledSegment open(
      OpenLedger ledger,
      int entry,
      long word,
      long address,
      long byteSize,
      @Nullable SlotHold hold) {
    if (hold == null && entry != SlotCache.UNLISTED) {
      return open(ledger, entry, address, byteSize);
    }
    SlotHold held = hold == null ? new SlotHold(null, null, null) : hold;
    Arena scope = Arena.ofConfined();
    MemorySegment segment = ScopedMemory.open(address, byteSize, scope);
    ledger.relist(entry, held);
    return new PooledSegment(ledger, entry, scope, segment, new Rarity(word, held));
  }

  /** Opens an arena of the JDK, where there is no native access. */
  static PooledSegment openArena(
      OpenLedger ledger, long byteSize, long byteAlignment, SlotHold hold) {
    Arena scope = Arena.ofConfined();
    MemorySegment segment = scope.allocate(byteSize, byteAlignment);
    Rarity rarity = new Rarity(SlotWord.of(0, -1), hold);
    return new PooledSegment(ledger, SlotCache.UNLISTED, scope, segment, rarity);
  }

  /**
   * The bytes.
   *
   * @return a segment of exactly the size that was asked for, at least 16-byte aligned (a slice: as
   *     its offset is); the same each time
   */
  public MemorySegment segment() {
    return segment;
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
   * What the component is charged, that is, the size of the slot; a slice shares it with its
   * parent.
   *
   * @return bytes, 0 once this is closed or detached
   * @throws WrongThreadException if another thread owns this buffer
   */
  public long chargedBytes() {
    long word = word();
    return scope.scope().isAlive() ? LeakDetector.chargedBytes(word, hold()) : 0;
  }

  /**
   * Who is charged.
   *
   * @return the component
   */
  public Component component() {
    return ledger.component();
  }

  /**
   * A part of this buffer with a lifetime of its own: both can be detached and closed in any order,
   * and the memory goes back when the last of them is closed.
   *
   * @param offset where it begins, in bytes
   * @param byteSize its size, in bytes
   * @return an open buffer of the current thread
   * @throws IndexOutOfBoundsException if the part is not within this buffer
   * @throws IllegalStateException if this buffer is closed or detached
   * @throws WrongThreadException if another thread owns this buffer
   */
  public PooledSegment slice(long offset, long byteSize) {
    requireOwner();
    Objects.checkFromIndexSize(offset, byteSize, byteSize());
    if (isArenas()) {
      throw new UnsupportedOperationException(
          "Without native access a buffer cannot be sliced with a lifetime of its own");
    }
    long word = word();
    Rarity rare = rarity == null ? new Rarity(word, new SlotHold(null, null, null)) : rarity;
    SlotHold shared = rare.hold();
    long address = segment.address() + offset;
    int sliceEntry = ledger.list(word, shared);
    PooledSegment slice;
    try {
      slice = open(ledger, sliceEntry, word, address, byteSize, shared);
    } catch (Throwable failure) {
      ledger.strike(sliceEntry);
      throw failure;
    }
    shared.retain();
    if (rarity == null) {
      rarity = rare;
      ledger.relist(entry, shared);
    }
    return slice;
  }

  /**
   * Moves the charge to another component.
   *
   * @param receiver whose component is charged from now on; room is reserved there first
   * @throws io.ullage.core.MemoryLimitException if the receiver has no room; nothing has changed
   * @throws IllegalStateException if this buffer is closed or detached, or shares its slot with
   *     slices that are still open
   * @throws WrongThreadException if another thread owns this buffer
   */
  public void moveTo(ComponentToken receiver) {
    requireOwner();
    SlotHold.requireUnshared(hold());
    ChunkPool.requireOwn(receiver, component().registry());
    OpenLedger received = ledger.cache().ledger(receiver.component());
    int receivedEntry = isArenas() ? SlotCache.UNLISTED : received.list(word(), hold());
    try {
      component().transferTo(receiver.component(), chargedBytes());
    } catch (Throwable failure) {
      received.strike(receivedEntry);
      throw failure;
    }
    ledger.strike(entry);
    ledger = received;
    entry = receivedEntry;
  }

  /**
   * Ends this scope and makes a handle that another thread can attach. The bytes stay as they are
   * and stay charged.
   *
   * @return a handle for exactly one use
   * @throws IllegalStateException if this buffer is closed or detached already
   * @throws WrongThreadException if another thread owns this buffer
   */
  public DetachedSegment detach() {
    if (isArenas()) {
      requireOwner();
      Objects.requireNonNull(hold())
          .keep(Arena.ofAuto().allocate(byteSize(), 16).copyFrom(segment));
    }
    DetachedSegment detached =
        new DetachedSegment(slots(), component(), word(), segment.address(), byteSize(), hold());
    endScope();
    detached.keepReachable(ledger, entry);
    return detached;
  }

  /**
   * Ends this scope and gives the memory back.
   *
   * @throws IllegalStateException if this buffer is closed or detached already, or while a native
   *     call uses it; nothing has changed then
   * @throws WrongThreadException if another thread owns this buffer
   */
  @Override
  public void close() {
    Rarity rare = rarity;
    if (rare != null) {
      closeRare(rare);
      return;
    }
    scope.close();
    ledger.close(entry);
  }

  private void closeRare(Rarity rare) {
    endScope();
    ledger.strike(entry);
    SlotHold hold = rare.hold();
    GuardedBytes guarded = hold.isShared() ? null : hold.guarded();
    boolean intact = guarded == null || guarded.poison();
    slots().release(rare.word(), component(), hold);
    if (!intact) {
      throw new IllegalStateException(
          "Bytes behind the end of a buffer of "
              + byteSize()
              + " bytes were overwritten"
              + rare.sites());
    }
  }

  /** Closes the scope; a second time names where the first was, if sites are recorded. */
  private void endScope() {
    try {
      scope.close();
    } catch (IllegalStateException refusal) {
      throw rarity == null || scope.scope().isAlive()
          ? refusal
          : new IllegalStateException(refusal.getMessage() + rarity.sites(), refusal);
    }
    if (rarity != null) {
      rarity.forget(slots().leaks(), slots().sampling().ends());
    }
  }

  private SlotAllocator slots() {
    return ledger.cache().slots();
  }

  private @Nullable SlotHold hold() {
    return rarity == null ? null : rarity.hold();
  }

  /** Where the memory is, while this is open. */
  private long word() {
    requireThread();
    long listed = rarity == null && scope.scope().isAlive() ? ledger.word(entry) : 0;
    return rarity == null ? listed : rarity.word();
  }

  /** Whether every byte is known to be zero, if nobody wrote to it yet. */
  boolean isFresh() {
    return SlotHold.isFresh(hold());
  }

  /** Whether the memory is an arena of the JDK's, for want of native access. */
  private boolean isArenas() {
    return SlotHold.isArenas(hold());
  }

  private void requireThread() {
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException("Another thread owns this segment");
    }
  }

  private void requireOwner() {
    requireThread();
    if (!scope.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
  }

  @Override
  public String toString() {
    return "PooledSegment[" + byteSize() + " bytes, " + component().path() + "]";
  }
}
