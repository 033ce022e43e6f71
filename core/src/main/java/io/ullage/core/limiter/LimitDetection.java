package io.ullage.core.limiter;

import io.ullage.core.limiter.MemoryLimit.Known;
import io.ullage.core.limiter.MemoryLimit.Origin;
import io.ullage.core.limiter.MemoryLimit.Unknown;
import io.ullage.core.limiter.internal.CgroupMemory;
import io.ullage.core.limiter.internal.MachineMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds out how much memory this process may use.
 *
 * <p>Reads the process's control group (version 2 or 1) and every group above it, takes the
 * smallest limit, and never answers with more than the machine has. On systems without control
 * groups the machine's memory is the limit. Costs a few dozen small files: for start-up, not for a
 * hot path. Thread-safe.
 */
public final class LimitDetection {
  private LimitDetection() {}

  /**
   * Reads the limits of this process now.
   *
   * @return the limits
   */
  public static DetectedLimits ofThisProcess() {
    Path fileSystemRoot = Path.of("/");
    return of(
        fileSystemRoot,
        MachineMemory.physicalBytes(fileSystemRoot),
        MachineMemory.maxDirectMemoryBytes());
  }

  static DetectedLimits of(
      Path fileSystemRoot, OptionalLong physicalBytes, OptionalLong maxDirectMemoryBytes) {
    try {
      Optional<CgroupMemory> group = CgroupMemory.locate(fileSystemRoot);
      OptionalLong cgroupBytes =
          group.isPresent() ? group.get().limitBytes() : OptionalLong.empty();
      return new DetectedLimits(
          smaller(cgroupBytes, physicalBytes), cgroupBytes, physicalBytes, maxDirectMemoryBytes);
    } catch (IOException | SecurityException e) {
      MemoryLimit unknown = new Unknown("control group: " + e, physicalBytes);
      return new DetectedLimits(unknown, OptionalLong.empty(), physicalBytes, maxDirectMemoryBytes);
    }
  }

  private static MemoryLimit smaller(OptionalLong cgroupBytes, OptionalLong physicalBytes) {
    if (cgroupBytes.isEmpty() && physicalBytes.isEmpty()) {
      return new Unknown(
          "neither a control group's limit nor the size of the machine's memory is readable",
          OptionalLong.empty());
    }
    long physical = physicalBytes.orElse(Long.MAX_VALUE);
    return cgroupBytes.isPresent() && cgroupBytes.getAsLong() < physical
        ? new Known(cgroupBytes.getAsLong(), Origin.CGROUP)
        : new Known(physical, Origin.PHYSICAL);
  }
}
