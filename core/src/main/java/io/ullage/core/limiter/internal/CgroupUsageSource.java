package io.ullage.core.limiter.internal;

import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.UsageSource;
import java.io.IOException;
import java.nio.file.Path;

/** What the process's control group uses. The group is looked up each time: processes are moved. */
public record CgroupUsageSource(Path fileSystemRoot) implements UsageSource {
  @Override
  public String name() {
    return "cgroup";
  }

  @Override
  public UsageReading read() throws IOException {
    return CgroupMemory.locate(fileSystemRoot)
        .orElseThrow(() -> new IOException("this kernel has no control groups"))
        .fullest();
  }
}
