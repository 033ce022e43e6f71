package io.ullage.tool.doctor;

import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import io.ullage.tool.frame.UserFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ullage doctor}. */
@Command(
    name = "doctor",
    description = {
      "Say whether this host and this JVM have what Ullage needs.",
      "Exit code 0: healthy; 1: each line that begins with TO DO says what to do."
    },
    footer = {
      "",
      "Examples:",
      "  ullage doctor                          @|faint look at the default places|@",
      "  ullage doctor --spill-dir /mnt/fast    @|faint look at another disk|@",
      "  ullage doctor --sweep                  @|faint remove what killed programs left|@"
    })
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--spill-dir",
      paramLabel = "DIR",
      description = "The folder to spill to. Default: spill in this user's folder.")
  private @Nullable Path spillDirectory;

  @Option(
      names = "--lease-store",
      paramLabel = "PATH",
      description = "The lease store. Default: leases in this user's folder.")
  private @Nullable Path leaseStore;

  @Option(
      names = "--sweep",
      description = "Remove the counter files of programs that are dead, as far as they are yours.")
  private boolean sweep;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command line. */
  public DoctorCommand() {}

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new ArrayList<>(JvmChecks.run());
    findings.addAll(MemoryChecks.run());
    findings.addAll(new CounterFileChecks(sweep).run());
    UserFolder folder = UserFolder.ofThisUser();
    findings.addAll(
        new PlaceChecks(
                folder,
                spillDirectory == null ? folder.spillDirectory() : spillDirectory,
                leaseStore == null ? folder.leaseStore() : leaseStore)
            .run());
    boolean healthy = findings.stream().allMatch(Finding::isHealthy);
    PrintWriter out = spec.commandLine().getOut();
    Ansi ansi = spec.commandLine().getColorScheme().ansi();
    findings.forEach(finding -> out.println(finding.toText(ansi)));
    if (!healthy) {
      long toDo = findings.stream().filter(finding -> !finding.isHealthy()).count();
      spec.commandLine().getErr().println("ullage doctor: " + toDo + " to do");
      spec.commandLine().getErr().flush();
    }
    if (json.isOn()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("ok", healthy);
      fields.put("checks", findings.stream().map(Finding::toJson).toList());
      fields.put("error", healthy ? null : "unhealthy");
      out.println(JsonLine.of(fields));
    }
    out.flush();
    return healthy ? ExitCode.OK : ExitCode.FAILED;
  }
}
