package io.ullage.tool.run;

import io.ullage.core.bounds.BoundsVerificationException;
import io.ullage.core.bounds.BoundsVerifier;
import io.ullage.core.bounds.BoundsViolation;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseView;
import io.ullage.lease.WorkflowOptions;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import io.ullage.tool.frame.UserFolder;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ullage run}. */
@Command(
    name = "run",
    description =
        "Stream files from a fast source through a spilling queue into a slower sink, within a"
            + " memory limit and under a lease, and check that they come out unchanged.",
    footer = {
      "",
      "Examples:",
      "  ullage run                                     @|faint 2 GiB through 128 MiB|@",
      "  ullage run --status-port 7878 --linger 30s     @|faint look at http://localhost:7878/|@",
      "  ullage run --input a.bin --output b.bin --json @|faint for scripts|@"
    })
public final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RunOptions options = new RunOptions();
  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command line. */
  public RunCommand() {}

  @Override
  public Integer call() {
    RunPlan plan = new RunPlanner(spec, options).plan();
    RunLedger ledger = new RunLedger(plan.grant().initialLimitBytes(), leaseKey(plan.inputs()));
    VerifiedBounds bounds = verify(plan, ledger);
    try {
      run(plan, bounds, ledger);
    } catch (Throwable e) {
      throw new CommandFailure(Failure.of(e), ledger.figures(), e);
    }
    List<String> violations = ledger.checkInvariants(plan.totalBytes());
    if (!violations.isEmpty()) {
      throw new CommandFailure(
          new Failure(ExitCode.FAILED, "invariant", String.join("; ", violations)),
          ledger.figures(),
          null);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("ok", true);
      fields.putAll(ledger.figures());
      fields.put("error", null);
      out.println(JsonLine.of(fields));
    } else {
      out.print(RunSummary.of(ledger));
    }
    out.flush();
    return ExitCode.OK;
  }

  /** Compares the bounds with the limit; nothing has been made yet when they do not fit. */
  private VerifiedBounds verify(RunPlan plan, RunLedger ledger) {
    ComponentBounds bounds =
        ComponentBounds.of(new RunBounds(plan.chunkBytes(), plan.grant().effectiveLimitBytes()));
    try {
      VerifiedBounds verified =
          new BoundsVerifier(bounds, plan.grant()).verify(plan.verification());
      print(verified.violations());
      return verified;
    } catch (BoundsVerificationException e) {
      print(e.violations());
      Failure failure =
          new Failure(
              ExitCode.USAGE,
              "bounds",
              "the bounds do not fit %s %s".formatted(RunOptions.LIMIT, options.limit));
      throw new CommandFailure(failure, ledger.figures(), e);
    }
  }

  private void print(List<BoundsViolation> violations) {
    violations.forEach(violation -> err().println(violation.message()));
    err().flush();
  }

  private void run(RunPlan plan, VerifiedBounds bounds, RunLedger ledger) throws Exception {
    UserFolder folder = UserFolder.ofThisUser();
    Path spill = plan.spillDirectory();
    if (spill == null) {
      folder.prepare();
    }
    try (LeaseStore store = plan.leaseStore().open(spec, RunOptions.LEASE_STORE);
        LeaseManager manager = LeaseManager.builder(store).build();
        RunScope scope =
            new RunScope(
                plan,
                bounds,
                spill == null ? folder.spillDirectory() : spill,
                manager,
                ledger,
                err())) {
      announceWait(plan, manager, ledger.leaseKey());
      WorkflowOptions workflow =
          WorkflowOptions.defaults()
              .withTtl(plan.ttl())
              .withDeadline(plan.deadline())
              .withWait(plan.waitAtMost())
              .withNote("ullage run " + names(plan.inputs()));
      manager.run(
          ledger.leaseKey(),
          workflow,
          lease -> {
            scope.work(lease);
            return ExitCode.OK;
          });
      scope.linger();
    }
  }

  private void announceWait(RunPlan plan, LeaseManager manager, String key) {
    if (!plan.waitAtMost().isZero()) {
      manager
          .peek(key)
          .filter(LeaseView::alive)
          .filter(view -> view.state() != LeaseState.FREE && view.state() != LeaseState.EXPIRED)
          .ifPresent(
              holder ->
                  err()
                      .println(
                          "ullage run: waiting up to %s for lease %s, held by pid %d since %s"
                              .formatted(
                                  text(plan.waitAtMost()),
                                  key,
                                  holder.pid(),
                                  holder.acquiredAt())));
      err().flush();
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private static String names(List<InputFile> inputs) {
    return inputs.stream().map(input -> input.path().toString()).collect(Collectors.joining(" "));
  }

  /** One key for one set of inputs, whatever their order and number of mentions. */
  static String leaseKey(List<InputFile> inputs) {
    String paths =
        inputs.stream()
            .map(input -> input.path().toString())
            .sorted()
            .distinct()
            .collect(Collectors.joining("\0"));
    byte[] digest = Sha256.begin().digest(paths.getBytes(StandardCharsets.UTF_8));
    // 128 bits are more than paths will ever collide in.
    return "run-" + HexFormat.of().formatHex(digest, 0, 16);
  }
}
