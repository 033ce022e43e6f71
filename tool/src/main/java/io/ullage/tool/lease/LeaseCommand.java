package io.ullage.tool.lease;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ullage lease}: what its subcommands share is a store. */
@Command(
    name = "lease",
    description = "Run a command under a lease, and look at leases.",
    subcommands = {LeaseExecCommand.class, LeaseListCommand.class, LeaseReleaseCommand.class})
public final class LeaseCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing command; ullage lease --help lists what there is");
  }
}
