package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.Slot;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.Tenant;
import io.ullage.core.Component;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one arena, kept apart from it so that they survive an arena that is dropped.
 *
 * <p>A confined arena's blocks are listed by its thread's cache and come back when the thread has
 * ended. A shared arena belongs to no thread: its blocks come back when its <em>scope</em> is
 * unreachable, for until then somebody may read them. The arena guards it.
 */
final class ArenaBlocks {
  private final SlotAllocator slots;
  private final Component component;
  private final @Nullable Tenant tenant;
  private final @Nullable AllocationSite site;
  private final LeakDetector.@Nullable Watch watch;
  private final List<Slot> blocks = new ArrayList<>();

  /** The blocks, none so far, of an arena with this scope that the current thread opens. */
  ArenaBlocks(ChunkPool pool, Component component, MemorySegment.Scope scope, boolean shared) {
    this.slots = pool.slots();
    this.component = component;
    tenant = shared || !slots.isNative() ? null : slots.tenant(component);
    site = pool.recordsEverySite() ? AllocationSite.here() : null;
    watch =
        shared ? slots.leaks().watch(scope, component, this::chargedBytes, site, this::give) : null;
  }

  /** Charges and takes a block. */
  Slot take(long byteSize, long byteAlignment) {
    long bytes = Request.bytesFor(slots, byteSize, byteAlignment);
    component.charge(bytes);
    try {
      Slot block = Request.take(slots, byteSize, byteAlignment, site);
      if (tenant != null) {
        block = tenant.cache().list(block, tenant);
      }
      blocks.add(block);
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
    if (tenant != null) {
      blocks.forEach(tenant.cache()::strike);
    }
    give();
  }

  long chargedBytes() {
    return blocks.stream().mapToLong(Slot::chargedBytes).sum();
  }

  private void give() {
    for (Slot block : blocks) {
      long bytes = block.chargedBytes();
      slots.give(block);
      component.discharge(bytes);
    }
    blocks.clear();
  }
}
