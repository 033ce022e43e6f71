package io.ullage.core.limiter.internal;

import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.UsageSource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A source that says what a test wants, of a limit of 1000 bytes. */
public final class FakeSource implements UsageSource {
  public volatile long usedBytes;
  public volatile @Nullable IOException failure;
  private final String name;
  private final boolean cheap;
  private final long limitBytes;

  /** Makes a source. */
  public FakeSource(String name, long usedBytes, boolean cheap) {
    this(name, usedBytes, cheap, 1000);
  }

  /** Makes a source with another limit. */
  public FakeSource(String name, long usedBytes, boolean cheap, long limitBytes) {
    this.name = name;
    this.usedBytes = usedBytes;
    this.cheap = cheap;
    this.limitBytes = limitBytes;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public UsageReading read() throws IOException {
    IOException toThrow = failure;
    if (toThrow != null) {
      throw toThrow;
    }
    return new UsageReading(usedBytes, limitBytes);
  }

  @Override
  public boolean isCheap() {
    return cheap;
  }
}
