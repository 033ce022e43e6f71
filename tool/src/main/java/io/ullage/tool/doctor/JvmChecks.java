package io.ullage.tool.doctor;

import io.ullage.core.ComponentRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at the JVM: its version, its compiler, the options of {@code jvm.options}. */
final class JvmChecks {
  private static final int LEAST_VERSION = 25;
  private static final Module USER = JvmChecks.class.getModule();

  private JvmChecks() {}

  static List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(version());
    findings.add(compiler());
    findings.add(nativeAccess());
    findings.add(counterFile());
    findings.add(leaseStoreOptions());
    return findings;
  }

  private static Finding version() {
    String running = Runtime.version() + " in " + System.getProperty("java.home");
    return Runtime.version().feature() >= LEAST_VERSION
        ? Finding.healthy("java", running)
        : Finding.toDo("java", running, "run on JDK " + LEAST_VERSION + " or newer");
  }

  private static Finding compiler() {
    return ModuleLayer.boot().findModule("jdk.compiler").isPresent()
        ? Finding.healthy("compiler", "there, for the lease store's value classes")
        : Finding.toDo(
            "compiler", "module jdk.compiler is missing", "run on a JDK, not on a runtime image");
  }

  private static Finding nativeAccess() {
    return USER.isNativeAccessEnabled()
        ? Finding.healthy("native access", "on")
        : Finding.toDo(
            "native access",
            "off: every allocation has an arena of its own",
            "add --enable-native-access=ALL-UNNAMED");
  }

  /** Makes a registry with its counter file where programs have theirs, and removes it again. */
  private static Finding counterFile() {
    try (ComponentRegistry registry = ComponentRegistry.builder().build()) {
      String credit =
          switch (registry.creditPath()) {
            case FENCED -> "fenced";
            case COMPARE_AND_SET -> "compare-and-set";
          };
      if (registry.counterFile().isPresent()) {
        Path folder = registry.counterFile().get().toAbsolutePath().getParent();
        return Finding.healthy("counter file", "on, in " + folder + "; credit path " + credit);
      }
      boolean opened =
          Object.class.getModule().isOpen("jdk.internal.misc", ComponentRegistry.class.getModule());
      return Finding.toDo(
          "counter file",
          "off: other processes cannot read the counters; credit path " + credit,
          opened
              ? "make room in /dev/shm, or set the counter file's directory"
              : "add --add-opens java.base/jdk.internal.misc=ALL-UNNAMED");
    }
  }

  private static Finding leaseStoreOptions() {
    List<String> missing = new ArrayList<>();
    Module base = Object.class.getModule();
    for (String exported : List.of("sun.nio.ch", "jdk.internal.ref")) {
      if (!base.isExported(exported, USER)) {
        missing.add("--add-exports java.base/" + exported + "=ALL-UNNAMED");
      }
    }
    for (String opened : List.of("java.lang", "java.lang.reflect")) {
      if (!base.isOpen(opened, USER)) {
        missing.add("--add-opens java.base/" + opened + "=ALL-UNNAMED");
      }
    }
    return missing.isEmpty()
        ? Finding.healthy("lease options", "all there")
        : Finding.toDo(
            "lease options",
            "the lease store lacks JVM options",
            "add " + String.join(" ", missing));
  }
}
