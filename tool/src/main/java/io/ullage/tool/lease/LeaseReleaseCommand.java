package io.ullage.tool.lease;

import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseView;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ullage lease release}: tells whoever holds a key to let go. */
@Command(
    name = "release",
    description = {
      "Tell the holder of a key to let go.",
      "The key is free when the holder has ended its work, is dead, or at the end of its TTL; never"
          + " under running work."
    })
final class LeaseReleaseCommand implements Callable<Integer> {
  /** A holder that lives notices within a quarter of a second. */
  private static final int LOOKS = 40;

  private static final long LOOK_MILLIS = 50;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private KeyParameter key = new KeyParameter();
  @Mixin private StoreOption store = new StoreOption();

  @Option(
      names = "--force",
      required = true,
      description = "Say that you mean it: the holder's work is cut short.")
  private boolean force;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Who wants this and why; the holder's note is replaced by it.")
  private String reason = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    String name = key.checked(spec);
    if (reason.isBlank()) {
      throw BadValue.of(spec, "--reason", reason, "is text that says who and why");
    }
    try (LeaseStore opened = store.openExisting(spec)) {
      if (!force || opened == null || !opened.revoke(name, reason)) {
        throw new CommandFailure(
            new Failure(ExitCode.FAILED, "not_held", "lease '" + name + "' is not held"));
      }
      report(name, await(opened, name));
    }
    return ExitCode.OK;
  }

  private static Optional<LeaseView> await(LeaseStore opened, String name)
      throws InterruptedException {
    for (int look = 0; look < LOOKS; look++) {
      Optional<LeaseView> view = opened.peek(name).filter(LeaseReleaseCommand::isHeld);
      if (view.isEmpty()) {
        return view;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return opened.peek(name).filter(LeaseReleaseCommand::isHeld);
  }

  private static boolean isHeld(LeaseView view) {
    return view.state() == LeaseState.REVOKED && view.alive();
  }

  private void report(String name, Optional<LeaseView> holder) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        holder
            .map(
                view ->
                    "ullage lease release: told pid %d to let go of '%s'; it is free in %d ms at the latest"
                        .formatted(view.pid(), name, view.expiresIn().toMillis()))
            .orElse("ullage lease release: '" + name + "' is free"));
    err.flush();
  }
}
