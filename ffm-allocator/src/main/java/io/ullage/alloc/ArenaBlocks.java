package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.OpenLedger;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.SlotCache;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.alloc.internal.SlotWord;
import io.ullage.core.Component;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one arena, kept apart from it so that they survive an arena that is dropped.
 *
 * <p>A confined arena's blocks are listed in its thread's ledger and come back when the thread has
 * ended. A shared arena belongs to no thread: its blocks come back when its <em>scope</em> is
 * unreachable, for until then somebody may read them. The arena guards it.
 */
final class ArenaBlocks {
  private record Listed(Block block, int entry) {}

  private final SlotAllocator slots;
  private final Component component;
  private final @Nullable OpenLedger ledger;
  private final @Nullable AllocationSite site;
  private final LeakDetector.@Nullable Watch watch;
  private final List<Listed> blocks = new ArrayList<>();

  /** The blocks, none so far, of an arena with this scope that the current thread opens. */
  ArenaBlocks(ChunkPool pool, Component component, MemorySegment.Scope scope, boolean shared) {
    this.slots = pool.slots();
    this.component = component;
    ledger = shared || !slots.isNative() ? null : slots.ledger(component);
    site = pool.recordsEverySite() ? AllocationSite.here() : null;
    watch =
        shared ? slots.leaks().watch(scope, component, this::chargedBytes, site, this::give) : null;
  }

  /** Charges and takes a block. */
  Block take(long byteSize, long byteAlignment) {
    long bytes = Block.bytesFor(slots, byteSize, byteAlignment);
    component.charge(bytes);
    try {
      Block block = Block.take(slots, byteSize, byteAlignment);
      int entry =
          ledger == null
              ? SlotCache.UNLISTED
              : ledger.list(SlotWord.of(block.address(), block.sizeClass()), hold(block));
      blocks.add(new Listed(block, entry));
      return block;
    } catch (Throwable failure) {
      component.discharge(bytes);
      throw failure;
    }
  }

  /** Gives all blocks back; the scope has ended. */
  void close() {
    if (watch != null) {
      slots.leaks().forget(watch);
    }
    if (ledger != null) {
      blocks.forEach(listed -> ledger.strike(listed.entry()));
    }
    give();
  }

  long chargedBytes() {
    return blocks.stream().mapToLong(listed -> listed.block().byteSize()).sum();
  }

  private void give() {
    for (Listed listed : blocks) {
      listed.block().give(slots);
      component.discharge(listed.block().byteSize());
    }
    blocks.clear();
  }

  private @Nullable SlotHold hold(Block block) {
    return block.span() == null && site == null ? null : new SlotHold(block.span(), site, null);
  }
}
