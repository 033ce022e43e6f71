package io.ullage.core.limiter.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What machine and JVM say about their memory. */
public final class MachineMemory {
  private MachineMemory() {}

  /**
   * Returns the machine's memory: as the kernel tells, else as the JVM does, which may already be
   * the container's limit and so never too large.
   */
  public static OptionalLong physicalBytes(Path fileSystemRoot) {
    Path file = fileSystemRoot.resolve("proc/meminfo");
    if (Files.exists(file)) {
      try {
        return OptionalLong.of(KernelFile.kibibytes(file, "MemTotal:"));
      } catch (IOException e) {
        // The JVM may still know.
      }
    }
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long bytes = system == null ? 0 : system.getTotalMemorySize();
    return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
  }

  /**
   * Returns the cap of direct byte buffers: as set, else the largest heap, which is the default.
   */
  public static OptionalLong maxDirectMemoryBytes() {
    HotSpotDiagnosticMXBean diagnostics =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (diagnostics == null) {
      return OptionalLong.empty();
    }
    try {
      long bytes = Long.parseLong(diagnostics.getVMOption("MaxDirectMemorySize").getValue());
      return OptionalLong.of(bytes > 0 ? bytes : Runtime.getRuntime().maxMemory());
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty(); // Another JVM, without this option.
    }
  }
}
