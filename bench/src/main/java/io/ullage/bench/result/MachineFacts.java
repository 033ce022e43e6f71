package io.ullage.bench.result;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a reader must know of the machine to judge figures.
 *
 * @param facts from name to value, in the order in which they are shown
 */
public record MachineFacts(Map<String, String> facts) {
  /** What the host took from a machine while figures were measured. */
  public static final String STOLEN = "stolen by the host";

  private static final String UNKNOWN = "unknown";
  private static final String LOAD = "load";
  private static final Set<String> OF_A_MOMENT = Set.of(LOAD, STOLEN);

  /** Copies the facts. */
  public MachineFacts {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** The facts of this machine now; spill benchmarks write below the given folder. */
  public static MachineFacts detect(Path spillFolder) {
    return detect(Path.of("/"), spillFolder);
  }

  /** The facts that the files below some root tell, as a test has them elsewhere. */
  static MachineFacts detect(Path root, Path spillFolder) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "cpu", line(root.resolve("proc/cpuinfo"), l -> l.startsWith("model name")).orElse(UNKNOWN));
    facts.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put(
        "governor",
        first(root.resolve("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"))
            .orElse("not shown by this system"));
    facts.put(
        "memory",
        line(root.resolve("proc/meminfo"), l -> l.startsWith("MemTotal")).orElse(UNKNOWN));
    facts.put(
        "transparent huge pages",
        first(root.resolve("sys/kernel/mm/transparent_hugepage/enabled")).orElse(UNKNOWN));
    facts.put(
        "kernel",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put("jdk", System.getProperty("java.vendor.version", "") + " " + Runtime.version());
    facts.put("file system", fileSystem(spillFolder));
    facts.put(LOAD, first(root.resolve("proc/loadavg")).orElse(UNKNOWN));
    return new MachineFacts(facts);
  }

  /** What stays as it is while a machine is not changed. */
  public MachineFacts lasting() {
    Map<String, String> lasting = new LinkedHashMap<>(facts);
    lasting.keySet().removeAll(OF_A_MOMENT);
    return new MachineFacts(lasting);
  }

  /** The same facts and one more, or with another value. */
  public MachineFacts with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(name, value);
    return new MachineFacts(more);
  }

  /**
   * Checks that figures made on another occasion may stand beside those of this one.
   *
   * @throws IllegalArgumentException naming what differs
   */
  public void requireSame(MachineFacts now) {
    for (String name : List.of("cpu", "cpus", "kernel", "jdk")) {
      String before = facts.getOrDefault(name, UNKNOWN);
      String here = now.facts.getOrDefault(name, UNKNOWN);
      if (!before.equals(here)) {
        throw new IllegalArgumentException(
            "measured elsewhere: " + name + " was " + before + ", here it is " + here);
      }
    }
  }

  /**
   * How many threads wanted a CPU in the last minute, as a share of the CPUs; zero where the system
   * does not tell.
   */
  public static double loadPerCpu() {
    return first(Path.of("/proc/loadavg"))
        .map(
            text ->
                Double.parseDouble(text.split(" ", -1)[0])
                    / Runtime.getRuntime().availableProcessors())
        .orElse(0.0);
  }

  private static String fileSystem(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return store.type() + (store.type().equals("tmpfs") ? ", which is memory" : "");
    } catch (IOException unknown) {
      return UNKNOWN;
    }
  }

  private static Optional<String> first(Path file) {
    return line(file, line -> true);
  }

  /** The first line that a test accepts, without its name and colon. */
  private static Optional<String> line(Path file, Predicate<String> test) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.stream()
          .filter(test)
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip());
    } catch (IOException unknown) {
      return Optional.empty();
    }
  }
}
