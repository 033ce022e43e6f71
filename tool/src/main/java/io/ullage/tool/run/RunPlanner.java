package io.ullage.tool.run;

import io.ullage.core.bounds.MemoryGrant;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.lease.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Makes a plan of the options, or refuses them naming option, value and what is allowed. */
final class RunPlanner {
  /** What the default input is repeated to: some seconds of work, and far more than the limit. */
  private static final long DEFAULT_TOTAL_BYTES = 2048L << 20;

  /** A chunk is one segment and one read; beyond this it would be larger than many limits. */
  static final long GREATEST_CHUNK_KIB = 1L << 18;

  private static final long GREATEST_PORT = 65_535;

  /** What leases allow. */
  private static final Duration SHORTEST_TTL = Duration.ofMillis(20);

  private static final Duration LONGEST_TTL = Duration.ofDays(1);

  private final CommandSpec command;
  private final RunOptions options;

  RunPlanner(CommandSpec command, RunOptions options) {
    this.command = command;
    this.options = options;
  }

  RunPlan plan() {
    List<InputFile> inputs = inputs();
    return new RunPlan(
        inputs,
        totalBytes(inputs),
        chunkBytes(),
        grant(),
        options.threshold == null ? null : options.threshold.bytes(),
        options.headReserve == null ? null : options.headReserve.bytes(),
        options.sinkPerSecond.bytes(),
        folder(RunOptions.SPILL_DIRECTORY, options.spillDirectory),
        StoreLocation.of(command, RunOptions.LEASE_STORE, options.leaseStore),
        ttl(),
        deadline(),
        options.wait,
        options.verify,
        output(inputs),
        statusPort(),
        options.linger);
  }

  private List<InputFile> inputs() {
    if (options.inputs.isEmpty()) {
      return List.of(input(Path.of(System.getProperty("java.home"), "lib", "modules")));
    }
    List<InputFile> inputs = new ArrayList<>();
    for (Path path : options.inputs) {
      inputs.add(input(path));
    }
    return inputs;
  }

  private InputFile input(Path path) {
    try {
      Path canonical = path.toRealPath();
      if (!Files.isRegularFile(canonical) || !Files.isReadable(canonical)) {
        throw bad(RunOptions.INPUT, path, "are regular files that can be read");
      }
      return new InputFile(canonical, Files.size(canonical));
    } catch (NoSuchFileException missing) {
      throw bad(RunOptions.INPUT, path, "are files that exist");
    } catch (IOException e) {
      throw bad(RunOptions.INPUT, path, "are files that can be read (" + e.getMessage() + ")");
    }
  }

  private long totalBytes(List<InputFile> inputs) {
    long once = inputs.stream().mapToLong(InputFile::sizeBytes).sum();
    if (options.total == null) {
      return options.inputs.isEmpty() ? DEFAULT_TOTAL_BYTES : once;
    }
    if (once == 0 && options.total.bytes() > 0) {
      throw bad(RunOptions.TOTAL, options.total, "is 0 where all inputs are empty");
    }
    return options.total.bytes();
  }

  private int chunkBytes() {
    long kibibytes = options.chunk.bytes() >> 10;
    if (kibibytes < 1 || kibibytes > GREATEST_CHUNK_KIB) {
      throw bad(RunOptions.CHUNK, options.chunk, "are 1 to " + GREATEST_CHUNK_KIB);
    }
    return Math.toIntExact(options.chunk.bytes());
  }

  private MemoryGrant grant() {
    if (options.limit.bytes() == 0) {
      throw bad(RunOptions.LIMIT, options.limit, "are 1 and above");
    }
    return MemoryGrant.of(options.limit.bytes(), options.slop.value());
  }

  private @Nullable Path folder(String option, @Nullable Path path) {
    if (path != null
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw bad(option, path, "are folders, and paths where one can be made");
    }
    return path;
  }

  private @Nullable Path output(List<InputFile> inputs) {
    Path output = options.output;
    if (output == null) {
      return null;
    }
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isRegularFile(output, LinkOption.NOFOLLOW_LINKS)) {
        throw bad(RunOptions.OUTPUT, output, "are new paths and regular files");
      }
      for (InputFile input : inputs) {
        if (isSame(input.path(), output)) {
          throw bad(RunOptions.OUTPUT, output, "are files other than the inputs");
        }
      }
    }
    Path parent = output.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw bad(RunOptions.OUTPUT, output, "are paths in a folder that exists");
    }
    return output;
  }

  private static boolean isSame(Path input, Path output) {
    try {
      return Files.isSameFile(input, output);
    } catch (IOException e) {
      return false;
    }
  }

  private OptionalInt statusPort() {
    Integer port = options.statusPort;
    if (port == null) {
      return OptionalInt.empty();
    }
    if (port < 0 || port > GREATEST_PORT) {
      throw bad(RunOptions.STATUS_PORT, port, "are 0 to " + GREATEST_PORT);
    }
    return OptionalInt.of(port);
  }

  private Duration ttl() {
    Duration ttl = options.ttl;
    if (ttl.compareTo(SHORTEST_TTL) < 0 || ttl.compareTo(LONGEST_TTL) > 0) {
      throw bad(RunOptions.TTL, ttl.toMillis() + "ms", "are 20ms to 24h");
    }
    return ttl;
  }

  private Duration deadline() {
    if (options.deadline.isZero()) {
      throw bad(RunOptions.DEADLINE, "0", "are durations above zero");
    }
    return options.deadline;
  }

  private ParameterException bad(String option, Object value, String allowed) {
    return BadValue.of(command, option, value, allowed);
  }
}
