package io.ullage.alloc.internal;

import io.ullage.alloc.LeakReport;
import io.ullage.core.Component;
import io.ullage.core.internal.FlightRecording;
import java.lang.foreign.MemorySegment;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Learns of buffers that nobody can close any more, and reports them.
 *
 * <p>A sampled buffer is watched through its <em>scope</em>: slices of its segment share the scope
 * object, so it is unreachable only when none of them can be used. Detached handles are watched one
 * and all, since nothing else would bring their memory back. Thread-safe.
 */
public final class LeakDetector {
  private static final System.Logger LOGGER = System.getLogger("io.ullage.alloc");

  /** Watches one scope. */
  public static final class Watch extends PhantomReference<MemorySegment.Scope> {
    private final String component;
    private final LongSupplier chargedBytes;
    private final @Nullable AllocationSite site;
    private final @Nullable SlotHold hold;
    private final Runnable reclaim;

    private Watch(
        MemorySegment.Scope scope,
        ReferenceQueue<Object> dropped,
        String component,
        LongSupplier chargedBytes,
        @Nullable AllocationSite site,
        @Nullable SlotHold hold,
        Runnable reclaim) {
      super(scope, dropped);
      this.component = component;
      this.chargedBytes = chargedBytes;
      this.site = site;
      this.hold = hold;
      this.reclaim = reclaim;
    }

    /** False if its owner ended before, which was reported. */
    boolean isNews() {
      return hold == null || hold.isDropNews();
    }
  }

  private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Set<DetachedTenancy> adopted = ConcurrentHashMap.newKeySet();
  private final Consumer<LeakReport> listener;

  /** Makes a detector that tells a listener. */
  public LeakDetector(Consumer<LeakReport> listener) {
    this.listener = listener;
  }

  /**
   * Watches a scope until {@link #forget}.
   *
   * @param reclaim brings the memory back once the scope is unreachable; must not reach the scope
   */
  public Watch watch(
      MemorySegment.Scope scope,
      Component component,
      LongSupplier chargedBytes,
      @Nullable AllocationSite site,
      Runnable reclaim) {
    return watch(new Watch(scope, dropped, component.path(), chargedBytes, site, null, reclaim));
  }

  /** Watches the scope of a buffer whose memory comes back with its owner's cache. */
  Watch watch(MemorySegment.Scope scope, Component component, long chargedBytes, SlotHold hold) {
    return watch(
        new Watch(
            scope, dropped, component.path(), () -> chargedBytes, hold.site(), hold, () -> {}));
  }

  private Watch watch(Watch watch) {
    watches.add(watch);
    return watch;
  }

  /** Ends a watch: the buffer was closed or detached. */
  public void forget(Watch watch) {
    watch.clear();
    watches.remove(watch);
  }

  /** Makes the tenancy of a handle; it must be kept reachable until it is used. */
  public DetachedTenancy detach(Object handle, Component component, Slot slot) {
    return new DetachedTenancy(handle, dropped, component, slot);
  }

  /** Keeps tenancies reachable whose cache is no more. */
  void adopt(Collection<DetachedTenancy> tenancies) {
    adopted.addAll(tenancies);
    adopted.removeIf(DetachedTenancy::isUsed);
  }

  /** Reports what has been dropped since; the memory of detached handles goes to the heir. */
  void drain(SlotCache.Heir heir) {
    for (Reference<?> each = dropped.poll(); each != null; each = dropped.poll()) {
      if (each instanceof Watch watch && watches.remove(watch)) {
        if (watch.isNews()) {
          report(
              LeakReport.Kind.DROPPED, watch.component, watch.chargedBytes.getAsLong(), watch.site);
        }
        watch.reclaim.run();
      } else if (each instanceof DetachedTenancy tenancy && tenancy.tryBegin()) {
        tenancy.end(true);
        adopted.remove(tenancy);
        report(
            LeakReport.Kind.HANDLE_DROPPED,
            tenancy.component().path(),
            tenancy.slot().chargedBytes(),
            site(tenancy.slot().hold()));
        heir.inherit(tenancy.slot(), tenancy.component());
      }
    }
  }

  void reportOwnerEnded(Component component, Slot slot) {
    SlotHold hold = slot.hold();
    if (hold == null || hold.isEndNews()) {
      report(LeakReport.Kind.OWNER_ENDED, component.path(), slot.chargedBytes(), site(hold));
    }
  }

  private static @Nullable AllocationSite site(@Nullable SlotHold hold) {
    return hold == null ? null : hold.site();
  }

  private void report(
      LeakReport.Kind kind, String component, long bytes, @Nullable AllocationSite site) {
    if (FlightRecording.isPossible()) {
      LeakEvent.emit(kind.name(), component, bytes, site);
    }
    List<StackTraceElement> frames = site == null ? List.of() : site.frames();
    try {
      listener.accept(
          new LeakReport(
              kind, component, bytes, Optional.of(frames).filter(known -> !known.isEmpty())));
    } catch (RuntimeException failure) {
      // The memory must come back whatever a listener does.
      LOGGER.log(System.Logger.Level.ERROR, "A leak listener failed", failure);
    }
  }
}
