package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JVMs that were started without some of the options in {@code jvm.options}. */
class JvmOptionsIT {
  private static final String CHANNELS = "--add-exports java.base/sun.nio.ch=ALL-UNNAMED";
  private static final String LANG = "--add-opens java.base/java.lang=ALL-UNNAMED";
  private static final String REFLECT = "--add-opens java.base/java.lang.reflect=ALL-UNNAMED";

  @TempDir Path folder;

  /** What runs in them: makes a store and takes a key. */
  static final class Program {
    private Program() {}

    /** The argument is the store. */
    public static void main(String[] arguments) {
      try (LeaseStore store = ChronicleLeaseStore.open(Path.of(arguments[0]), 16);
          LeaseManager manager = LeaseManager.builder(store).build()) {
        manager.tryAcquire("k").orElseThrow().close();
        System.out.println("done");
      } catch (LeaseStoreException e) {
        System.out.println(e.fault() + " " + e.getMessage());
      }
    }
  }

  private static List<String> options() throws IOException {
    return Files.readAllLines(Path.of("..", "jvm.options")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  private String run(List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    options.forEach(option -> command.addAll(List.of(option.split(" ", -1))));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    command.add(folder.resolve("store").toString());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {CHANNELS, LANG, REFLECT})
  void theOneThatIsMissingIsNamedAndNoOther(String missing) throws Exception {
    List<String> options = new ArrayList<>(options());
    assertThat(options.remove(missing)).isTrue();

    assertThat(run(options))
        .isEqualTo(
            "JVM_OPTIONS_MISSING the Chronicle Map lease store needs the JVM options: " + missing);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void allThatAreMissingAreNamedAtOnce() throws Exception {
    assertThat(run(List.of())).endsWith(": " + String.join(" ", CHANNELS, LANG, REFLECT));
  }

  @Test
  void thoseThreeAreEnough() throws Exception {
    assertThat(run(List.of(CHANNELS, LANG, REFLECT))).isEqualTo("done");
  }
}
