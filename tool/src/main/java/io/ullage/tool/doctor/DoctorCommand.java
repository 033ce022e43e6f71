package io.ullage.tool.doctor;

import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import io.ullage.tool.frame.UserFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ullage doctor}. */
@Command(
    name = "doctor",
    description = {
      "Say whether this host and this JVM have what Ullage needs.",
      "Exit code 0: healthy; 1: each line that begins with TO DO says what to do."
    })
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command line. */
  public DoctorCommand() {}

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new ArrayList<>(JvmChecks.run());
    findings.addAll(new PlaceChecks(UserFolder.ofThisUser()).run());
    boolean healthy = findings.stream().allMatch(Finding::isHealthy);
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(out::println);
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
