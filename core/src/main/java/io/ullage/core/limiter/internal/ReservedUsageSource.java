package io.ullage.core.limiter.internal;

import io.ullage.core.Component;
import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.UsageSource;

/** What a component and all below it have reserved, against its limit. */
public record ReservedUsageSource(Component component) implements UsageSource {
  @Override
  public String name() {
    return "reserved";
  }

  @Override
  public UsageReading read() {
    return new UsageReading(Math.max(0, component.totalReservedBytes()), component.limitBytes());
  }

  @Override
  public boolean isCheap() {
    return true;
  }
}
