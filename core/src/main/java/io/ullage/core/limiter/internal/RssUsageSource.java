package io.ullage.core.limiter.internal;

import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.UsageSource;
import java.io.IOException;
import java.nio.file.Path;

/** The process's resident set size, as the kernel counts it in {@code /proc/self/status}. */
public record RssUsageSource(Path fileSystemRoot, long limitBytes) implements UsageSource {
  /** Checks the limit. */
  public RssUsageSource {
    if (limitBytes < 0) {
      throw new IllegalArgumentException(
          "limitBytes is " + limitBytes + ": it must be between 0 and " + Long.MAX_VALUE);
    }
  }

  @Override
  public String name() {
    return "rss";
  }

  @Override
  public UsageReading read() throws IOException {
    Path file = fileSystemRoot.resolve("proc/self/status");
    return new UsageReading(KernelFile.kibibytes(file, "VmRSS:"), limitBytes);
  }
}
