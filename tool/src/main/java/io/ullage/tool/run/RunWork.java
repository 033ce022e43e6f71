package io.ullage.tool.run;

import io.ullage.lease.Lease;
import io.ullage.spill.QueuePoisonedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The work under the lease: source on a thread of its own, sink on this one, until the last byte.
 */
final class RunWork {
  /**
   * A fetch from a slow disk takes tenths of a second; ten seconds without a byte mean a dead end.
   */
  private static final Duration LEAST_STALL_LIMIT = Duration.ofSeconds(10);

  private final RunPlan plan;
  private final RunSession session;
  private final RunLedger ledger;

  RunWork(RunPlan plan, RunSession session, RunLedger ledger) {
    this.plan = plan;
    this.session = session;
    this.ledger = ledger;
  }

  /** Streams everything; when it throws, the source has ended too. */
  void run(Lease lease) throws IOException, InterruptedException {
    ledger.lease(lease.token(), 0);
    long begun = System.nanoTime();
    try (InputSequence inputs = new InputSequence(plan.inputs(), plan.totalBytes());
        OutputFile output = plan.output() == null ? null : new OutputFile(plan.output())) {
      stream(inputs, output);
      if (output != null && ledger.hasArrivedUnchanged(plan.totalBytes())) {
        output.complete();
      }
    } finally {
      ledger.elapsed(System.nanoTime() - begun);
      ledger.lease(lease.token(), lease.renewals());
    }
  }

  private void stream(InputSequence inputs, @Nullable OutputFile output)
      throws IOException, InterruptedException {
    StallLimit stallLimit =
        new StallLimit(
            session::progress, System::nanoTime, TimeUnit.NANOSECONDS::sleep, stallLimit());
    SourceStage source =
        new SourceStage(
            inputs,
            plan.chunkBytes(),
            session.segments(),
            session.token(RunBounds.SOURCE),
            session.queue().writer(),
            session.limiter(),
            stallLimit,
            ledger);
    SinkStage sink =
        new SinkStage(
            session.queue(),
            session.token(RunBounds.SINK),
            RatePacer.inRealTime(plan.sinkBytesPerSecond()),
            output,
            ledger);
    Thread thread = Thread.ofPlatform().daemon().name("ullage-run-source").start(source);
    try {
      sink.run();
    } catch (QueuePoisonedException poisoned) {
      throw unwrapped(poisoned);
    } finally {
      end(thread);
    }
  }

  /** What ended the source, rather than the queue's word for it. */
  private static IOException unwrapped(QueuePoisonedException poisoned) throws IOException {
    switch (poisoned.getCause()) {
      case IOException io -> throw io;
      case RuntimeException runtime -> throw runtime;
      case null, default -> throw poisoned;
    }
  }

  /** Ends the source, and waits for it even when interrupted: it may hold memory. */
  private static void end(Thread source) {
    boolean interrupted = false;
    source.interrupt();
    while (source.isAlive()) {
      try {
        source.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A sink slower than a chunk in ten seconds gets the time of some chunks. */
  private Duration stallLimit() {
    if (plan.sinkBytesPerSecond() == 0) {
      return LEAST_STALL_LIMIT;
    }
    Duration chunks = Duration.ofSeconds(4L * plan.chunkBytes() / plan.sinkBytesPerSecond());
    return chunks.compareTo(LEAST_STALL_LIMIT) > 0 ? chunks : LEAST_STALL_LIMIT;
  }
}
