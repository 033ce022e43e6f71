package io.ullage.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The packaged command in a process of its own, with a home of its own. */
public final class ToolProcess implements AutoCloseable {
  /** Below JUnit's three minutes, for the sake of the message. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final Path out;
  private final Path err;

  private ToolProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts the command.
   *
   * @param home its folder, in which its state and its output go
   */
  public static ToolProcess start(Path home, String... arguments) throws IOException {
    return start(home, command(arguments), Map.of());
  }

  /**
   * Starts it without one of the options of {@code jvm.options}, and without the jar's manifest,
   * which has some of them, too.
   *
   * @param option how the option's line begins
   */
  public static ToolProcess startWithout(Path home, String option, String... arguments)
      throws IOException {
    List<String> options =
        Files.readAllLines(Path.of("..", "jvm.options")).stream()
            .filter(line -> !line.startsWith(option))
            .toList();
    Path file = Files.write(Files.createTempFile(home, "jvm", ".options"), options);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + file);
    command.add("-cp");
    command.add(Path.of("target", "ullage.jar").toRealPath().toString());
    command.add("io.ullage.tool.Ullage");
    command.addAll(List.of(arguments));
    return start(home, command, Map.of());
  }

  /**
   * Starts it in a terminal of its own, which {@code script} makes; what the terminal shows is its
   * stdout.
   */
  public static ToolProcess startInTerminal(Path home, String... arguments) throws IOException {
    String words =
        command(arguments).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return start(
        home,
        List.of("script", "-qefc", "stty rows 30 columns 110; exec " + words, "/dev/null"),
        Map.of("TERM", "xterm"));
  }

  private static List<String> command(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "jvm.options").toRealPath());
    command.add("-jar");
    command.add(Path.of("target", "ullage.jar").toRealPath().toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static ToolProcess start(Path home, List<String> command, Map<String, String> environment)
      throws IOException {
    Path out = Files.createTempFile(home, "process", ".out");
    Path err = Files.createTempFile(home, "process", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("XDG_STATE_HOME", home.resolve("state").toString());
    builder.environment().putAll(environment);
    return new ToolProcess(builder.start(), out, err);
  }

  /** Waits for its end. */
  public int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("ends within %s; it said: %s", PATIENCE, text(err))
        .isTrue();
    return process.exitValue();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Sends a signal: {@code TERM}, {@code INT}, {@code KILL}, … */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  /** Types into its terminal. */
  public void type(String keys) throws IOException {
    process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** What it wrote to stdout so far. */
  public String out() {
    return text(out);
  }

  /** What it wrote to stderr so far. */
  public String err() {
    return text(err);
  }

  /** The last line of stdout as an object. */
  public Map<String, @Nullable Object> json() throws IOException {
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).as("stdout; stderr said: %s", err()).isNotEmpty();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(lines.getLast())) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        fields.put(
            name,
            switch (parser.nextToken()) {
              case VALUE_NULL -> null;
              case VALUE_TRUE -> true;
              case VALUE_FALSE -> false;
              case VALUE_NUMBER_INT -> parser.getLongValue();
              case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
              default -> parser.getText();
            });
      }
    }
    return fields;
  }

  /** The counter file that it has now. */
  public List<Path> counterFiles() {
    Path memory = Path.of("/dev/shm");
    Path folder =
        Files.isDirectory(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("ullage-" + pid() + "-"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something is so, as long as the process lives. */
  public void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(process.isAlive() && System.nanoTime() < end)
          .as("%s; alive %s; it said: %s %s", what, process.isAlive(), err(), out())
          .isTrue();
      Thread.sleep(2);
    }
  }

  /** Kills it, if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
