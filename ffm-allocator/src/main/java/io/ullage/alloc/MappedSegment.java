package io.ullage.alloc;

import io.ullage.alloc.internal.AllocationSite;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.core.Component;
import io.ullage.core.ExternalCharge;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/**
 * A part of a file that is mapped and charged to a component, apart from what it allocates: see
 * {@link io.ullage.core.MemoryFigures#externalBytes()}.
 *
 * <p>Any thread may use and close it. Closing stops all threads for a moment (30–100 µs), as every
 * shared scope does. One that is dropped without being closed stays mapped and charged, and is
 * reported as a leak. If the file becomes shorter than the mapping, reading what is missing throws
 * {@link InternalError}.
 */
public final class MappedSegment implements AutoCloseable {
  private final SlotAllocator slots;
  private final ExternalCharge charge;
  private final Arena lifetime;
  private final MemorySegment segment;
  private final LeakDetector.Watch watch;

  private MappedSegment(
      SlotAllocator slots,
      ExternalCharge charge,
      Arena lifetime,
      MemorySegment segment,
      AllocationSite site) {
    this.slots = slots;
    this.charge = charge;
    this.lifetime = lifetime;
    this.segment = segment;
    watch =
        slots.leaks().watch(lifetime.scope(), charge.component(), charge::bytes, site, () -> {});
  }

  static MappedSegment map(
      SlotAllocator slots,
      Component component,
      FileChannel channel,
      FileChannel.MapMode mode,
      long offset,
      long byteSize)
      throws IOException {
    requireNotNegative("offset", offset);
    requireNotNegative("byteSize", byteSize);
    slots.requireOpen();
    ExternalCharge charge = component.chargeExternal(byteSize);
    Arena lifetime = Arena.ofShared();
    try {
      MemorySegment segment = channel.map(mode, offset, byteSize, lifetime);
      return new MappedSegment(slots, charge, lifetime, segment, AllocationSite.here());
    } catch (Throwable failure) {
      lifetime.close();
      charge.close();
      throw failure;
    }
  }

  /**
   * The bytes.
   *
   * @return a segment of the size that was asked for, which throws {@link IllegalStateException}
   *     once this is closed; the same each time
   */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * Who is charged.
   *
   * @return the component
   */
  public Component component() {
    return charge.component();
  }

  /**
   * Unmaps the file and gives the charge back. What was written reaches the file sooner or later;
   * {@link MemorySegment#force()} before closing waits for it.
   *
   * @throws IllegalStateException if it is closed already, or while a native call uses it; nothing
   *     has changed then
   */
  @Override
  public void close() {
    lifetime.close();
    slots.leaks().forget(watch);
    charge.close();
  }

  @Override
  public String toString() {
    return "MappedSegment[" + segment.byteSize() + " bytes, " + component().path() + "]";
  }

  private static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " " + value + ": must be zero or more");
    }
  }
}
