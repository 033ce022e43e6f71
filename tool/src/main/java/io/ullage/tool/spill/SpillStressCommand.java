package io.ullage.tool.spill;

import io.ullage.core.MemoryLimitException;
import io.ullage.spill.QueuePoisonedException;
import io.ullage.spill.StoreState;
import io.ullage.spill.StoreUnavailableException;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import io.ullage.tool.frame.Kibibytes;
import io.ullage.tool.frame.Mebibytes;
import io.ullage.tool.frame.UserFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ullage spill-stress}. */
@Command(
    name = "spill-stress",
    description =
        "Push more through a spill queue than its memory holds, drain it, verify every byte.")
public final class SpillStressCommand implements Callable<Integer> {
  private static final long MARGIN_BYTES = 16L << 20;
  private static final long LARGEST_CHUNK_BYTES = 1L << 30;
  private static final int LEAST_CHUNKS_IN_LIMIT = 6;
  private static final int MOST_QUEUES = 1000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--total-mb",
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      defaultValue = "512",
      description = "How much to push. Default: ${DEFAULT-VALUE}.")
  private Mebibytes total = new Mebibytes(0);

  @Option(
      names = "--chunk-kb",
      paramLabel = "N",
      converter = Kibibytes.Converter.class,
      defaultValue = "256",
      description = "The size of an entry. Default: ${DEFAULT-VALUE}.")
  private Kibibytes chunk = new Kibibytes(0);

  @Option(
      names = "--threshold-mb",
      paramLabel = "T",
      converter = Mebibytes.Converter.class,
      defaultValue = "32",
      description =
          "Spill when more than this is resident beyond the head reserve. Default:"
              + " ${DEFAULT-VALUE}.")
  private Mebibytes threshold = new Mebibytes(0);

  @Option(
      names = "--head-reserve-mb",
      paramLabel = "H",
      converter = Mebibytes.Converter.class,
      defaultValue = "16",
      description = "Keep this much resident for the reader. Default: ${DEFAULT-VALUE}.")
  private Mebibytes headReserve = new Mebibytes(0);

  @Option(
      names = "--limit-mb",
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      description = "The most off-heap memory to use. Default: T + H + 16.")
  private @Nullable Mebibytes limit;

  @Option(
      names = "--drain-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "Drain after every N pushes; 0 pushes all first. Default: ${DEFAULT-VALUE}.")
  private long drainEvery;

  @Option(
      names = "--spill-dir",
      paramLabel = "DIR",
      description = "Where to spill. Default: spill in this user's folder.")
  private @Nullable Path directory;

  @Option(
      names = "--queues",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many queues share load, threshold and reserve. Default: ${DEFAULT-VALUE}.")
  private int queues;

  @Option(
      names = "--on-full",
      paramLabel = "WHAT",
      defaultValue = "block",
      description = {
        "What a push does when the disk is full: block (start to drain), fail, keep",
        "(in memory, up to the limit), drop (the oldest). Default: ${DEFAULT-VALUE}."
      })
  private OnFull onFull = OnFull.BLOCK;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command line. */
  public SpillStressCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    StressPlan plan = plan();
    StressFigures figures = new StressFigures();
    figures.limitBytes = plan.limitBytes();
    WarmUp.of(plan);
    StoreUnavailableException refusal;
    try (StressRun run = new StressRun(plan, figures, this::report)) {
      refusal = run.run();
    } catch (QueuePoisonedException | MemoryLimitException | IllegalStateException broken) {
      figures.peakResidentBytes = ResidentMemory.peakBytes();
      throw new CommandFailure(failure(broken), figures.asMap(), broken);
    }
    figures.peakResidentBytes = ResidentMemory.peakBytes();
    if (refusal != null) {
      String error = refusal.state() == StoreState.FULL ? "disk_full" : "io";
      String message = String.valueOf(refusal.getMessage());
      throw new CommandFailure(new Failure(ExitCode.IO, error, message), figures.asMap(), refusal);
    }
    if (!figures.isBalanced()) {
      Failure failure = new Failure(ExitCode.FAILED, "not_balanced", "pushed bytes are missing");
      throw new CommandFailure(failure, figures.asMap(), null);
    }
    print(figures);
    return ExitCode.OK;
  }

  private static Failure failure(RuntimeException broken) {
    String message = String.valueOf(broken.getMessage());
    return switch (broken) {
      case MemoryLimitException refused -> new Failure(ExitCode.FAILED, "memory_limit", message);
      case QueuePoisonedException poisoned when poisoned.getCause() instanceof IOException ->
          new Failure(ExitCode.IO, "io", message);
      default -> new Failure(ExitCode.FAILED, "invariant", message);
    };
  }

  private StressPlan plan() throws IOException {
    check("--total-mb", total, total.bytes() > 0, "are 1 and above");
    check(
        "--chunk-kb",
        chunk,
        chunk.bytes() > 0 && chunk.bytes() <= LARGEST_CHUNK_BYTES,
        "are 1 to " + (LARGEST_CHUNK_BYTES >> 10));
    check("--drain-every", drainEvery, drainEvery >= 0, "are 0 and above");
    check("--queues", queues, queues >= 1 && queues <= MOST_QUEUES, "are 1 to " + MOST_QUEUES);
    long sum = Math.addExact(threshold.bytes(), headReserve.bytes());
    Mebibytes given = limit;
    long limitBytes = given == null ? Math.addExact(sum, MARGIN_BYTES) : given.bytes();
    long leastBytes = LEAST_CHUNKS_IN_LIMIT * chunk.bytes() * queues;
    check(
        "--limit-mb",
        limitBytes >> 20,
        limitBytes >= leastBytes,
        "are " + Math.ceilDiv(leastBytes, 1L << 20) + " and above for these chunks");
    Path where = directory;
    if (where == null) {
      UserFolder folder = UserFolder.ofThisUser();
      folder.prepare();
      where = folder.spillDirectory();
    }
    return new StressPlan(
        total.bytes(),
        (int) chunk.bytes(),
        threshold.bytes(),
        headReserve.bytes(),
        limitBytes,
        drainEvery,
        where,
        queues,
        onFull);
  }

  private void check(String option, Object value, boolean allowed, String which) {
    if (!allowed) {
      throw BadValue.of(spec, option, value, which);
    }
  }

  private void report(String what, int eighth) {
    spec.commandLine()
        .getErr()
        .printf("%s %d/8, RSS %d MiB%n", what, eighth, ResidentMemory.nowBytes() >> 20);
    spec.commandLine().getErr().flush();
  }

  private void print(StressFigures figures) {
    var out = spec.commandLine().getOut();
    if (json.isOn()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("ok", true);
      fields.putAll(figures.asMap());
      fields.put("error", null);
      out.println(JsonLine.of(fields));
    } else {
      out.printf(
          "%d MiB pushed in %.3f s, drained in %.3f s, every byte verified; %d MiB spilled%n",
          figures.pushedBytes >> 20,
          StressFigures.seconds(figures.pushNanos),
          StressFigures.seconds(figures.drainNanos),
          figures.spilledBytes >> 20);
      out.printf(
          "memory: %d MiB reserved at most, limit %d MiB, RSS %d MiB at most%n",
          figures.peakReservedBytes >> 20,
          figures.limitBytes >> 20,
          figures.peakResidentBytes >> 20);
    }
    out.flush();
  }
}
