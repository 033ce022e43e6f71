package io.ullage.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.tool.frame.JsonOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class UllageTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void offersHelpAndVersionOnEveryCommand() {
    CommandLine command = Ullage.commandLine();
    assertOffersHelp(command);
    command.getSubcommands().values().forEach(UllageTest::assertOffersHelp);
  }

  private static void assertOffersHelp(CommandLine command) {
    assertThat(command.getCommandSpec().optionsMap())
        .as(command.getCommandSpec().qualifiedName())
        .containsKeys("--help", "--version", "--debug");
  }

  @Test
  void helpIsFreeOfColoursOutsideATerminalAndShowsExamples() {
    assertThat(execute("top", "--help")).isZero();
    assertThat(out.toString())
        .contains("Examples:", "ullage top --once --json", "--sort=COLUMN")
        .doesNotContain("\u001b", "@|");
  }

  @Test
  void completesCommandsAndOptionsInShells() {
    assertThat(execute("generate-completion")).isZero();
    assertThat(out.toString()).contains("complete -F", "spill-stress", "--status-port");
  }

  @Test
  void writesTheSizingGuideAndNothingForABadValue(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("sizing.html");
    assertThat(execute("sizing", "--out", file.toString(), "--limit-mb", "64")).isZero();
    assertThat(out.toString().strip()).isEqualTo(file.toString());
    assertThat(Files.readString(file)).contains("\"limit_bytes\":\"67108864\"", "chunk_bytes");
    Path other = folder.resolve("other.html");
    assertThat(execute("sizing", "--out", other.toString(), "--chunk-kb", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--chunk-kb", "'0'", "1 to");
    assertThat(other).doesNotExist();
  }

  @Test
  void asksForACommand() {
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("Missing command");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void answersABadOptionWithOneLineAndOnRequestWithAnObject() {
    assertThat(execute("--nonsense", "--json")).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("--nonsense");
    assertThat(out.toString().strip())
        .startsWith("{\"ok\":false,\"error\":\"usage\"")
        .endsWith("}");
  }

  @Test
  void printsAStackTraceOnlyForDebug() {
    assertThat(execute("--nonsense", "--debug")).isEqualTo(2);
    assertThat(err.toString()).contains("\tat ");
  }

  @Test
  void answersWhatACommandThrowsEvenAnError() {
    Failing failing = new Failing();
    failing.thrown = new UncheckedIOException(new IOException("Input/output error"));
    assertThat(execute(failing, "fail", "--json")).isEqualTo(74);
    assertThat(err.toString()).isEqualTo("ullage fail: IOException: Input/output error\n");
    assertThat(out.toString().strip())
        .isEqualTo(
            "{\"ok\":false,\"error\":\"io\",\"message\":\"IOException: Input/output error\"}");

    failing.thrown = new NoClassDefFoundError("x/Y");
    assertThat(execute(failing, "fail")).isEqualTo(70);
    assertThat(err.toString().lines().toList().getLast())
        .isEqualTo("ullage fail: NoClassDefFoundError: x/Y");
  }

  @Command(name = "fail")
  static final class Failing implements Runnable {
    @Mixin private final JsonOption json = new JsonOption();
    private Throwable thrown = new AssertionError();

    @Override
    public void run() {
      switch (thrown) {
        case Error error -> throw error;
        case RuntimeException runtime -> throw runtime;
        default -> throw new AssertionError(json.isOn());
      }
    }
  }

  private int execute(Failing failing, String... arguments) {
    return execute(Ullage.commandLine().addSubcommand(failing), arguments);
  }

  private int execute(String... arguments) {
    return execute(Ullage.commandLine(), arguments);
  }

  private int execute(CommandLine command, String... arguments) {
    return command
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
