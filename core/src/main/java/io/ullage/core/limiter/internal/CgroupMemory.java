package io.ullage.core.limiter.internal;

import io.ullage.core.limiter.UsageReading;
import io.ullage.core.limiter.internal.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory controller's view of this process: the directories of its control group and of all
 * groups above it that can be seen, nearest first.
 *
 * <p>Where the memory controller is mounted as version 1 the process has a line of its own for it
 * in {@code /proc/self/cgroup}, also on machines that have version 2 beside it; otherwise version 2
 * counts. In a container the visible mount may begin below the real top: what lies above it cannot
 * be read file by file, but version 1 publishes the smallest limit of all of them in {@code
 * memory.stat}, and with version 2 the kernel shows the container's own limit in its top directory.
 */
public final class CgroupMemory {
  /**
   * What version 1 writes for "no limit" is the largest multiple of a page size that fits into a
   * {@code long}, so it depends on the page size; a million tebibytes is below all of these and
   * above any machine.
   */
  private static final long V1_UNLIMITED_FROM_BYTES = 1L << 60;

  private final List<Path> directories;
  private final boolean isVersion2;

  private CgroupMemory(List<Path> directories, boolean isVersion2) {
    this.directories = List.copyOf(directories);
    this.isVersion2 = isVersion2;
  }

  /**
   * Finds the process's group.
   *
   * @return the group, or empty where the kernel has no control groups
   * @throws IOException if the process is in a group that cannot be found or read
   */
  public static Optional<CgroupMemory> locate(Path fileSystemRoot) throws IOException {
    Path membership = fileSystemRoot.resolve("proc/self/cgroup");
    if (!Files.exists(membership)) {
      return Optional.empty();
    }
    String version1Path = null;
    String version2Path = null;
    for (String line : KernelFile.lines(membership)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains("memory")) {
        version1Path = fields[2];
      } else if (fields.length == 3 && fields[0].equals("0") && fields[1].isEmpty()) {
        version2Path = fields[2];
      }
    }
    if (version1Path == null && version2Path == null) {
      return Optional.empty();
    }
    boolean isVersion2 = version1Path == null;
    String path = isVersion2 ? version2Path : version1Path;
    List<Mount> mounts = new ArrayList<>(MountTable.read(fileSystemRoot));
    mounts.removeIf(
        mount ->
            isVersion2
                ? !mount.type().equals("cgroup2")
                : !mount.type().equals("cgroup") || !mount.options().contains("memory"));
    return Optional.of(
        new CgroupMemory(directories(fileSystemRoot, mounts, String.valueOf(path)), isVersion2));
  }

  /**
   * Returns the smallest limit of the group and those above it.
   *
   * @return the limit, or empty if none of them has one
   * @throws IOException if a limit cannot be read
   */
  public OptionalLong limitBytes() throws IOException {
    OptionalLong smallest = OptionalLong.empty();
    for (Path directory : directories) {
      smallest = smaller(smallest, limitBytes(directory));
    }
    Path statistics = directories.getFirst().resolve("memory.stat");
    if (!isVersion2 && Files.exists(statistics)) {
      OptionalLong published = KernelFile.keyed(statistics, "hierarchical_memory_limit");
      smallest = smaller(smallest, unlessUnlimited(published));
    }
    return smallest;
  }

  /**
   * Returns use and limit of the fullest of the groups that have a limit.
   *
   * @return the reading; without any limit that of the nearest group
   * @throws IOException if a figure cannot be read
   */
  public UsageReading fullest() throws IOException {
    UsageReading fullest = null;
    for (Path directory : directories) {
      OptionalLong limitBytes = limitBytes(directory);
      if (limitBytes.isPresent()) {
        UsageReading reading = new UsageReading(usedBytes(directory), limitBytes.getAsLong());
        fullest = fullest == null || reading.ratio() > fullest.ratio() ? reading : fullest;
      }
    }
    return fullest == null
        ? new UsageReading(usedBytes(directories.getFirst()), Long.MAX_VALUE)
        : fullest;
  }

  /** Returns the directory of the process's own group, for messages. */
  public Path directory() {
    return directories.getFirst();
  }

  private OptionalLong limitBytes(Path directory) throws IOException {
    if (!isVersion2) {
      return unlessUnlimited(
          OptionalLong.of(KernelFile.number(directory.resolve("memory.limit_in_bytes"))));
    }
    Path file = directory.resolve("memory.max");
    if (!Files.exists(file)) {
      return OptionalLong.empty(); // The top of the hierarchy, or a group without the controller.
    }
    String text = Files.readString(file).trim();
    return text.equals("max")
        ? OptionalLong.empty()
        : OptionalLong.of(KernelFile.number(file, text));
  }

  /**
   * Used bytes without the page cache on the kernel's two lists for files. Shared memory is not on
   * them, so it stays counted: it cannot be dropped.
   */
  private long usedBytes(Path directory) throws IOException {
    Path usage = directory.resolve(isVersion2 ? "memory.current" : "memory.usage_in_bytes");
    if (isVersion2 && !Files.exists(usage)) {
      throw new IOException(directory + ": has no memory.current, the memory controller is off");
    }
    // Version 1 counts the groups below only in the figures that begin with "total_".
    String prefix = isVersion2 ? "" : "total_";
    Path statistics = directory.resolve("memory.stat");
    long usedBytes = KernelFile.number(usage);
    long cacheBytes =
        KernelFile.keyed(statistics, prefix + "inactive_file").orElse(0)
            + KernelFile.keyed(statistics, prefix + "active_file").orElse(0);
    return Math.max(0, usedBytes - cacheBytes);
  }

  private static List<Path> directories(Path fileSystemRoot, List<Mount> mounts, String path)
      throws IOException {
    for (Mount mount : mounts) {
      String below = below(mount.root(), path);
      Path top = under(fileSystemRoot, mount.mountPoint());
      Path own = below == null ? top : under(top, below).normalize();
      if (below != null && own.startsWith(top) && Files.isDirectory(own)) {
        return upTo(own, top);
      }
    }
    // The path is one of another namespace: what is mounted begins at this process's own group.
    for (Mount mount : mounts) {
      Path top = under(fileSystemRoot, mount.mountPoint());
      if (Files.isDirectory(top)) {
        return List.of(top);
      }
    }
    throw new IOException(
        "the memory control group '"
            + path
            + "' of this process is not mounted where it can be read");
  }

  private static List<Path> upTo(Path own, Path top) {
    List<Path> directories = new ArrayList<>();
    for (Path each = own; each != null && each.startsWith(top); each = each.getParent()) {
      directories.add(each);
    }
    return directories;
  }

  /** The part of a path below a mount's root; null if it does not lie below it. */
  private static @Nullable String below(String mountRoot, String path) {
    if (mountRoot.equals("/")) {
      return path;
    }
    if (path.equals(mountRoot)) {
      return "/";
    }
    return path.startsWith(mountRoot + "/") ? path.substring(mountRoot.length()) : null;
  }

  private static Path under(Path directory, String absolutePath) {
    return directory.resolve(absolutePath.replaceFirst("^/+", ""));
  }

  private static OptionalLong unlessUnlimited(OptionalLong bytes) {
    return bytes.isPresent() && bytes.getAsLong() < V1_UNLIMITED_FROM_BYTES
        ? bytes
        : OptionalLong.empty();
  }

  private static OptionalLong smaller(OptionalLong left, OptionalLong right) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? right : left;
    }
    return OptionalLong.of(Math.min(left.getAsLong(), right.getAsLong()));
  }
}
