package io.ullage.stress.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Half a minute of the soak, from the packed jar. */
@Timeout(300)
final class SoakIT {
  private static final Path JAR = Path.of("target", "jcstress.jar");

  @TempDir private Path folder;

  @Test
  void disturbsAndChecksAndFindsNothing() throws Exception {
    Ran ran = run("--minutes", "0.4", "--seed", "20", "--workers", "2", "--json");

    assertThat(ran.exitCode()).as(ran.all()).isZero();
    assertThat(ran.out())
        .contains("\"ok\":true", "\"seed\":20,", "\"violations\":0")
        .containsPattern("\"operations\":[1-9]")
        .containsPattern("\"kills\":[1-9]")
        .containsPattern("\"stops\":[1-9]")
        .containsPattern("\"invariants_checked\":[1-9]");
    assertThat(folder).as("its files stay only for who looks for a cause").isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "1e9"})
  void refusesATimeThatIsNone(String minutes) throws Exception {
    Ran ran = run("--minutes", minutes);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.all()).contains("--minutes", "up to 1440");
  }

  private Ran run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-jar",
                JAR.toAbsolutePath().toString(),
                "soak"));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("soak", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
            .start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    String all = out + Files.readString(errors);
    Files.delete(errors);
    return new Ran(exitCode, out, all);
  }

  private record Ran(int exitCode, String out, String all) {}
}
