package io.ullage.tool.run;

import io.ullage.core.bounds.VerificationMode;
import io.ullage.tool.frame.DurationConverter;
import io.ullage.tool.frame.Kibibytes;
import io.ullage.tool.frame.Mebibytes;
import io.ullage.tool.frame.Share;
import io.ullage.tool.lease.StoreLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code ullage run} as they were given; {@link RunPlanner} makes a plan of them.
 */
final class RunOptions {
  static final String INPUT = "--input";
  static final String TOTAL = "--total-mb";
  static final String CHUNK = "--chunk-kb";
  static final String LIMIT = "--limit-mb";
  static final String SLOP = "--slop";
  static final String THRESHOLD = "--threshold-mb";
  static final String HEAD_RESERVE = "--head-reserve-mb";
  static final String SINK_RATE = "--sink-mb-per-s";
  static final String SPILL_DIRECTORY = "--spill-dir";
  static final String LEASE_STORE = "--lease-store";
  static final String TTL = "--ttl";
  static final String DEADLINE = "--deadline";
  static final String WAIT = "--wait";
  static final String OUTPUT = "--output";
  static final String STATUS_PORT = "--status-port";
  static final String LINGER = "--linger";

  @Option(
      names = INPUT,
      paramLabel = "PATH",
      description = {
        "A file to stream; may be given several times.",
        "Default: the running JDK's own lib/modules, repeated to 2048 MiB."
      })
  List<Path> inputs = new ArrayList<>();

  @Option(
      names = TOTAL,
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      description =
          "Stream exactly this much: the inputs are repeated, the last copy is cut short.")
  @Nullable Mebibytes total;

  @Option(
      names = CHUNK,
      paramLabel = "N",
      converter = Kibibytes.Converter.class,
      description = "The size of a chunk. Default: ${DEFAULT-VALUE}.",
      defaultValue = "256")
  Kibibytes chunk = new Kibibytes(0);

  @Option(
      names = LIMIT,
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      description = "The most off-heap memory to use. Default: ${DEFAULT-VALUE}.",
      defaultValue = "128")
  Mebibytes limit = new Mebibytes(0);

  @Option(
      names = SLOP,
      paramLabel = "SHARE",
      converter = Share.Converter.class,
      description = {
        "The share of the limit to leave unused, from 0 to below 1.",
        "Default: ${DEFAULT-VALUE}."
      },
      defaultValue = "0")
  Share slop = new Share(0);

  @Option(
      names = THRESHOLD,
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      description = "Spill when more than this is resident beyond the head reserve. Default: half.")
  @Nullable Mebibytes threshold;

  @Option(
      names = HEAD_RESERVE,
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      description = "Keep this much resident for the reader. Default: an eighth of the limit.")
  @Nullable Mebibytes headReserve;

  @Option(
      names = SINK_RATE,
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      description = "The rate of the sink, 0 for as fast as it can. Default: ${DEFAULT-VALUE}.",
      defaultValue = "160")
  Mebibytes sinkPerSecond = new Mebibytes(0);

  @Option(
      names = SPILL_DIRECTORY,
      paramLabel = "DIR",
      description = "Where to spill. Default: spill in this user's folder.")
  @Nullable Path spillDirectory;

  @Option(names = LEASE_STORE, paramLabel = "PATH|URI", description = StoreLocation.DESCRIPTION)
  @Nullable String leaseStore;

  @Option(
      names = TTL,
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long the lease lasts without a heartbeat. Default: ${DEFAULT-VALUE}.",
      defaultValue = "30s")
  Duration ttl = Duration.ZERO;

  @Option(
      names = DEADLINE,
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long the run may take. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5m")
  Duration deadline = Duration.ZERO;

  @Option(
      names = WAIT,
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long to wait for the lease. Default: ${DEFAULT-VALUE}.",
      defaultValue = "0s")
  Duration wait = Duration.ZERO;

  @Option(
      names = "--verify",
      paramLabel = "strict|warn|off",
      converter = VerificationModeConverter.class,
      description = {
        "What to do when the bounds do not fit the limit: end, warn and go on, or do not look.",
        "Default: ${DEFAULT-VALUE}."
      },
      defaultValue = "strict")
  VerificationMode verify = VerificationMode.STRICT;

  @Option(
      names = OUTPUT,
      paramLabel = "PATH",
      description = "Write what arrives to this file; it appears when all of it has arrived.")
  @Nullable Path output;

  @Option(
      names = STATUS_PORT,
      paramLabel = "N",
      description = "Serve the status over HTTP on this loopback port, 0 for one that is free.")
  @Nullable Integer statusPort;

  @Option(
      names = LINGER,
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = {
        "Keep counters and status for this long after the last byte.",
        "Default: ${DEFAULT-VALUE}."
      },
      defaultValue = "0s")
  Duration linger = Duration.ZERO;
}
