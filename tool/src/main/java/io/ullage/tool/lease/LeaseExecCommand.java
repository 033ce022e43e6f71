package io.ullage.tool.lease;

import io.ullage.lease.Lease;
import io.ullage.lease.LeaseHeldException;
import io.ullage.lease.LeaseLostException;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LeaseView;
import io.ullage.lease.LossCause;
import io.ullage.lease.WorkflowOptions;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.DurationConverter;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ullage lease exec}: runs a command while holding a lease. */
@Command(
    name = "exec",
    description = {
      "Run a command while holding a lease.",
      "Its environment has ULLAGE_LEASE_KEY and ULLAGE_FENCING_TOKEN. TERM and INT are passed on to"
          + " it. It is ended when the lease is lost, when the deadline passes, and when this"
          + " process dies, however it dies."
    },
    footer = {
      "",
      "Exit code: that of the command, 128+n if signal n ended it; 75 if somebody else holds the"
          + " lease, 76 if it was lost, 124 at the deadline, 127 if there is no such command."
    })
final class LeaseExecCommand implements Callable<Integer> {
  private static final int TERM = 15;
  private static final int KILL = 9;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private KeyParameter key = new KeyParameter();
  @Mixin private StoreOption store = new StoreOption();

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long the lease lasts without a heartbeat. Default: ${DEFAULT-VALUE}.")
  private Duration ttl = Duration.ZERO;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = DurationConverter.class,
      description = "How long the command may take. Default: ${DEFAULT-VALUE}.")
  private Duration deadline = Duration.ZERO;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "0s",
      converter = DurationConverter.class,
      description = "How long to wait for the lease. Default: ${DEFAULT-VALUE}.")
  private Duration patience = Duration.ZERO;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "Between TERM and KILL. Default: ${DEFAULT-VALUE}.")
  private Duration grace = Duration.ZERO;

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What whoever finds the lease held shall read.")
  private String note = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run.")
  private List<String> command = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    String name = key.checked(spec);
    WorkflowOptions options = options();
    Path program = CommandPath.find(command.getFirst());
    try (LeaseStore opened = store.open(spec);
        LeaseManager manager = LeaseManager.builder(opened).build()) {
      if (!patience.isZero()) {
        announceWait(manager, name);
      }
      return manager.run(name, options, lease -> execute(program, lease));
    } catch (LeaseHeldException e) {
      throw new CommandFailure(
          new Failure(ExitCode.LEASE_HELD, "lease_held", String.valueOf(e.getMessage())),
          Map.of(),
          e);
    } catch (LeaseLostException e) {
      boolean late = e.lossCause() == LossCause.DEADLINE;
      throw new CommandFailure(
          new Failure(
              late ? ExitCode.DEADLINE : ExitCode.LEASE_LOST,
              late ? "deadline" : "lease_lost",
              String.valueOf(e.getMessage())),
          Map.of(),
          e);
    } catch (LeaseStoreException e) {
      throw new CommandFailure(
          new Failure(ExitCode.INTERNAL, "lease_store", e.fault() + ": " + e.getMessage()),
          Map.of(),
          e);
    }
  }

  private WorkflowOptions options() {
    if (ttl.compareTo(LeaseRequest.MINIMUM_TTL) < 0
        || ttl.compareTo(LeaseRequest.MAXIMUM_TTL) > 0) {
      throw BadValue.of(spec, "--ttl", ttl.toMillis() + "ms", "are 20ms to 24h");
    }
    if (deadline.isZero()) {
      throw BadValue.of(spec, "--deadline", "0", "are times above 0");
    }
    return WorkflowOptions.defaults()
        .withTtl(ttl)
        .withDeadline(deadline)
        .withWait(patience)
        .withNote(note);
  }

  private void announceWait(LeaseManager manager, String name) {
    Optional<LeaseView> holder =
        manager
            .peek(name)
            .filter(view -> view.alive() && view.state() != LeaseState.FREE)
            .filter(view -> view.state() != LeaseState.EXPIRED);
    holder.ifPresent(
        view -> {
          String why = view.note().isEmpty() ? "" : " (" + view.note() + ")";
          spec.commandLine()
              .getErr()
              .printf(
                  "ullage lease exec: waiting up to %d ms for lease '%s', held by pid %d%s since"
                      + " %s%n",
                  patience.toMillis(), name, view.pid(), why, view.acquiredAt());
          spec.commandLine().getErr().flush();
        });
  }

  /** On the main thread, which lives as long as the process: the command dies with it. */
  private int execute(Path program, Lease lease) throws Exception {
    Map<String, String> environment =
        Map.of(
            "ULLAGE_LEASE_KEY", lease.key(),
            "ULLAGE_FENCING_TOKEN", Long.toString(lease.token()));
    try (SignalForwarding signals = SignalForwarding.begin()) {
      Process process = BoundProcess.start(program, command, environment);
      signals.to(process);
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        end(process);
        throw e;
      }
    }
  }

  /**
   * The lease is lost or the deadline has passed; the lease is kept, if it can be, until the end.
   */
  private void end(Process process) {
    SignalForwarding.send(process, TERM);
    if (!awaitEnd(process, grace)) {
      SignalForwarding.send(process, KILL);
      boolean ended = awaitEnd(process, LeaseRequest.MAXIMUM_TTL);
      if (!ended) {
        spec.commandLine().getErr().println("ullage lease exec: the command cannot be killed");
      }
    }
  }

  /** Waits without being interrupted: this thread was told to stop already. */
  private static boolean awaitEnd(Process process, Duration time) {
    boolean interrupted = false;
    long giveUpAt = System.nanoTime() + time.toNanos();
    try {
      while (true) {
        try {
          Duration left = Duration.ofNanos(Math.max(0, giveUpAt - System.nanoTime()));
          return process.waitFor(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
