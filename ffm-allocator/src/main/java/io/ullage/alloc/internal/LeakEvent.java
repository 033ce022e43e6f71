package io.ullage.alloc.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The event of a leak in a flight recording. */
@Name("io.ullage.Leak")
@Label("Off-heap leak")
@Description("A buffer that nobody can close any more")
@Category("Ullage")
@StackTrace(false) // it is found on the pool's thread; the site says where it was acquired
@SuppressWarnings("UnusedVariable") // the flight recorder reads the fields
final class LeakEvent extends Event {
  @Label("Kind")
  private final String kind;

  @Label("Component")
  private final String component;

  @Label("Bytes")
  @DataAmount
  private final long bytes;

  @Label("Site")
  @Description("Where it was acquired, if that was sampled")
  private final @Nullable String site;

  private LeakEvent(String kind, String component, long bytes, @Nullable String site) {
    this.kind = kind;
    this.component = component;
    this.bytes = bytes;
    this.site = site;
  }

  static void emit(String kind, String component, long bytes, @Nullable AllocationSite site) {
    new LeakEvent(kind, component, bytes, site == null ? null : site.toString()).commit();
  }
}
