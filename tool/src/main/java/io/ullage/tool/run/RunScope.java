package io.ullage.tool.run;

import io.ullage.core.bounds.BinarySize;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The session of a run, made when the lease was got and kept beyond it: the status stays up while
 * the run lingers, when the lease is free again.
 */
final class RunScope implements AutoCloseable {
  private final RunPlan plan;
  private final VerifiedBounds bounds;
  private final Path spillDirectory;
  private final LeaseManager leases;
  private final RunLedger ledger;
  private final PrintWriter err;
  private @Nullable RunSession session;

  RunScope(
      RunPlan plan,
      VerifiedBounds bounds,
      Path spillDirectory,
      LeaseManager leases,
      RunLedger ledger,
      PrintWriter err) {
    this.plan = plan;
    this.bounds = bounds;
    this.spillDirectory = spillDirectory;
    this.leases = leases;
    this.ledger = ledger;
    this.err = err;
  }

  /** Opens the session and streams everything, showing how it goes. */
  void work(Lease lease) throws IOException, InterruptedException {
    RunSession opened = new RunSession(plan, bounds, spillDirectory, leases, ledger);
    session = opened;
    opened.statusServer().ifPresent(server -> err.println("ullage run: status at " + server.uri()));
    err.flush();
    long begun = System.nanoTime();
    try (RunReporter _ =
        RunReporter.start(
            title(), () -> opened.status(System.nanoTime() - begun, plan.totalBytes()), err)) {
      new RunWork(plan, opened, ledger).run(lease);
    }
  }

  /** Keeps counters and status up for as long as was asked. */
  void linger() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(plan.linger().toNanos());
  }

  @Override
  public void close() throws IOException {
    if (session != null) {
      session.close();
    }
  }

  private String title() {
    String names =
        plan.inputs().stream()
            .map(input -> input.path().toString())
            .collect(Collectors.joining(", "));
    String rate =
        plan.sinkBytesPerSecond() == 0
            ? "full speed"
            : BinarySize.format(plan.sinkBytesPerSecond()) + "/s";
    return "ullage run  %s → sink at %s, within %s"
        .formatted(names, rate, BinarySize.format(plan.grant().effectiveLimitBytes()));
  }
}
