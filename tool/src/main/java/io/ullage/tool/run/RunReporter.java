package io.ullage.tool.run;

import io.ullage.tool.terminal.LiveScreen;
import io.ullage.tool.terminal.RateMeter;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows on stderr how a run goes: a live table in a terminal, else a plain line now and then. */
final class RunReporter implements AutoCloseable {
  private static final Duration LIVE_PERIOD = Duration.ofMillis(100);
  private static final Duration PLAIN_PERIOD = Duration.ofSeconds(5);

  private final RunScreen screen;
  private final Supplier<RunStatus> status;
  private final PrintWriter err;
  private final RateMeter rate = new RateMeter();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  private RunReporter(RunScreen screen, Supplier<RunStatus> status, PrintWriter err) {
    this.screen = screen;
    this.status = status;
    this.err = err;
    this.thread = Thread.ofPlatform().daemon().name("ullage-run-report").unstarted(this::report);
  }

  /** Starts to report. */
  static RunReporter start(String title, Supplier<RunStatus> status, PrintWriter err) {
    RunReporter reporter = new RunReporter(new RunScreen(title), status, err);
    reporter.thread.start();
    return reporter;
  }

  /** Shows the last state and ends. */
  @Override
  public void close() {
    ended.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void report() {
    Optional<LiveScreen> live = LiveScreen.open();
    try {
      if (live.isPresent()) {
        try (LiveScreen terminal = live.get()) {
          do {
            RunStatus now = sample();
            terminal.show(screen.draw(now, rate, terminal.columns()));
          } while (!ended.await(LIVE_PERIOD.toMillis(), TimeUnit.MILLISECONDS));
          terminal.show(screen.draw(sample(), rate, terminal.columns()));
        }
      } else {
        sample();
        while (!ended.await(PLAIN_PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
          err.println("ullage run: " + RunScreen.progressText(sample(), rate).strip());
          err.flush();
        }
      }
    } catch (InterruptedException nobodyInterruptsThisThread) {
      Thread.currentThread().interrupt();
    }
  }

  private RunStatus sample() {
    RunStatus now = status.get();
    rate.note(now.elapsedNanos(), now.bytesOut());
    return now;
  }
}
