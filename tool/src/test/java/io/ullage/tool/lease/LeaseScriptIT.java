package io.ullage.tool.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What shell scripts see of leases; the scripts can be run by hand, with {@code ./ullage} too. */
class LeaseScriptIT {
  private static List<String> run(String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("src", "test", "shell", script).toRealPath().toString());
    command.addAll(List.of(arguments));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "jvm.options").toRealPath());
    command.add("-jar");
    command.add(Path.of("target", "ullage.jar").toRealPath().toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("%s", said).isZero();
    return said;
  }

  @Test
  void whenTheHolderIsKilledItsCommandEndsAndTheWaitersBegins() throws Exception {
    assertThat(run("killed-holder", "2"))
        .hasSize(2)
        .allSatisfy(
            round ->
                assertThat(round)
                    .matches("command gone [0-9.]+ second began [0-9.]+ token \\+[1-9][0-9]*"));
  }

  @Test
  void aRunPastItsDeadlineLeavesNothingBehind() throws Exception {
    assertThat(run("run-past-its-deadline"))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("exit 124")
        .contains("deadline");
  }
}
