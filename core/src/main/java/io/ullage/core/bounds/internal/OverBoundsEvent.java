package io.ullage.core.bounds.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One component that was found above what it declared. */
@Name("io.ullage.OverBounds")
@Label("Over Bounds")
@Category({"Ullage", "Memory"})
@Description("A component has reserved more than its firm bound, which is not enforced")
@StackTrace(false)
public final class OverBoundsEvent extends Event {
  @Label("Component")
  final String component;

  @Label("Firm Total")
  @Description("The most that the component and all below it declared to need")
  @DataAmount(DataAmount.BYTES)
  final long firmTotalBytes;

  @Label("Reserved")
  @Description("What the component and all below it have reserved")
  @DataAmount(DataAmount.BYTES)
  final long reservedBytes;

  /** Makes the event, not yet committed. */
  public OverBoundsEvent(String component, long firmTotalBytes, long reservedBytes) {
    this.component = component;
    this.firmTotalBytes = firmTotalBytes;
    this.reservedBytes = reservedBytes;
  }
}
