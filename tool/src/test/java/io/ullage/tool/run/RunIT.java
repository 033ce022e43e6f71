package io.ullage.tool.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentFigures;
import io.ullage.core.CounterFileReader;
import io.ullage.tool.ToolProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code ullage run} as scripts and operators meet it: the packaged jar in a process of its own.
 */
class RunIT {
  private static final long MEBIBYTE = 1 << 20;
  private static final List<String> FIELDS =
      List.of(
          "ok",
          "bytes_in",
          "bytes_out",
          "sha256_in",
          "sha256_out",
          "limit_bytes",
          "peak_reserved_bytes",
          "peak_rss_bytes",
          "spilled_bytes",
          "fetched_bytes",
          "elapsed_seconds",
          "backpressure_seconds",
          "lease_key",
          "lease_token",
          "lease_renewals",
          "error");

  private static final Pattern STATUS = Pattern.compile("status at (http://\\S+)");

  @TempDir Path home;

  @Test
  void copiesAFileUnchangedSpillingWhatDoesNotFit() throws Exception {
    Path input = input("in put", 40 * MEBIBYTE + 12_345);
    Path copy = home.resolve("copy");
    try (ToolProcess run =
        run(
            "--input",
            input.toString(),
            "--output",
            copy.toString(),
            "--limit-mb",
            "16",
            "--sink-mb-per-s",
            "40")) {
      assertThat(run.exitCode()).as(run.err()).isZero();
      Map<String, @Nullable Object> json = run.json();
      assertThat(json.keySet()).containsExactlyElementsOf(FIELDS);
      assertThat(json)
          .containsEntry("ok", true)
          .containsEntry("bytes_in", 40 * MEBIBYTE + 12_345)
          .containsEntry("bytes_out", 40 * MEBIBYTE + 12_345)
          .containsEntry("sha256_in", sha256(input))
          .containsEntry("sha256_out", sha256(input))
          .containsEntry("limit_bytes", 16 * MEBIBYTE)
          .containsEntry("error", null);
      assertThat(number(json, "peak_reserved_bytes"))
          .isPositive()
          .isLessThanOrEqualTo(16 * MEBIBYTE);
      assertThat(number(json, "spilled_bytes")).isPositive();
      assertThat(number(json, "lease_token")).isPositive();
    }
    assertThat(Files.mismatch(input, copy)).isEqualTo(-1);
    assertNothingLeft();
  }

  @Test
  void servesItsStatusWhileItWorks() throws Exception {
    try (ToolProcess run = run("--total-mb", "512", "--sink-mb-per-s", "16", "--status-port", "0");
        HttpClient client = HttpClient.newHttpClient()) {
      run.await("says where its status is", () -> STATUS.matcher(run.err()).find());
      Matcher said = STATUS.matcher(run.err());
      assertThat(said.find()).isTrue();
      assertThat(get(client, said.group(1) + "memory/status"))
          .contains("\"root\"", "\"source\"", "\"queue\"", "\"sink\"", "\"limiter\"");
      assertThat(get(client, said.group(1) + "memory/bounds")).contains("root.queue.min");
      assertThat(get(client, said.group(1) + "queues")).contains("spilled");
      assertThat(get(client, said.group(1) + "leases")).contains("\"key\":\"run-");
      assertThat(get(client, said.group(1) + "health")).isNotBlank();
      run.signal("TERM");
      assertThat(run.exitCode()).isEqualTo(128 + 15);
    }
    assertNothingLeft();
  }

  private static String get(HttpClient client, String uri) throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s: %s", uri, response.body()).isEqualTo(200);
    return response.body();
  }

  @ParameterizedTest
  @CsvSource({"16,64", "1024,64", "128,0"})
  void streamsWithinEveryLimit(String limit, String total) throws Exception {
    Path input = input("input", 5 * MEBIBYTE + 1);
    try (ToolProcess run =
        run(
            "--input",
            input.toString(),
            "--limit-mb",
            limit,
            "--total-mb",
            total,
            "--sink-mb-per-s",
            "0")) {
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.json())
          .containsEntry("ok", true)
          .containsEntry("bytes_out", Long.parseLong(total) * MEBIBYTE);
    }
  }

  @Test
  void streamsAnEmptyFile() throws Exception {
    try (ToolProcess run = run("--input", input("empty", 0).toString())) {
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.json()).containsEntry("ok", true).containsEntry("bytes_out", 0L);
    }
  }

  @Test
  void leavesTheInputToOneRunUntilThatDies() throws Exception {
    String input = input("input", MEBIBYTE).toString();
    try (ToolProcess first = run("--input", input, "--total-mb", "512", "--sink-mb-per-s", "2")) {
      first.await("counts from outside", () -> reservedBytes(first, "queue") > 0);
      assertThat(reservedBytes(first, "root")).isLessThanOrEqualTo(128 * MEBIBYTE);
      try (ToolProcess top =
          ToolProcess.start(home, "top", Long.toString(first.pid()), "--once", "--json")) {
        assertThat(top.exitCode()).as(top.err()).isZero();
        assertThat(top.out().lines()).hasSize(1);
        assertThat(top.out())
            .startsWith("{\"pid\":" + first.pid() + ",\"limit_bytes\":134217728,")
            .contains("\"components\":{\"queue\":{", "\"root\":{", "\"sink\":{", "\"source\":{");
      }
      try (ToolProcess second = run("--input", input)) {
        assertThat(second.exitCode()).isEqualTo(75);
        assertThat(second.err().lines()).hasSize(1);
        assertThat(second.err()).contains("pid " + first.pid()).contains("since ");
        assertThat(second.json()).containsEntry("ok", false).containsEntry("error", "lease_held");
      }
      try (ToolProcess third =
          run("--input", input, "--total-mb", "512", "--sink-mb-per-s", "2", "--wait", "60s")) {
        third.await("waits", () -> third.err().contains("held by pid " + first.pid()));
        long killed = System.nanoTime();
        first.signal("KILL");
        third.await("begins", () -> !third.counterFiles().isEmpty());
        // Its last heartbeat was ten seconds ago at most: without word of its death, the key would
        // have stayed taken for twenty more, however busy the machine is.
        assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(20));
        third.signal("TERM");
        assertThat(third.exitCode()).isEqualTo(143);
        assertThat(third.json()).containsEntry("ok", false).containsEntry("error", "interrupted");
        assertThat(third.counterFiles()).isEmpty();
      }
      for (Path file : first.counterFiles()) {
        Files.delete(file);
      }
    }
    assertNothingLeft();
  }

  @Test
  void endsAtItsDeadlineAndLeavesNoOutput() throws Exception {
    Path copy = home.resolve("copy");
    try (ToolProcess run =
        run(
            "--input",
            input("input", MEBIBYTE).toString(),
            "--total-mb",
            "64",
            "--sink-mb-per-s",
            "1",
            "--deadline",
            "700ms",
            "--output",
            copy.toString())) {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(124);
      assertThat(run.json()).containsEntry("ok", false).containsEntry("error", "deadline");
      assertThat(run.counterFiles()).isEmpty();
    }
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("copy"));
    }
    assertNothingLeft();
  }

  @Test
  void saysWhichComponentsDoNotFitAndMakesNothing() throws Exception {
    try (ToolProcess run = run("--input", input("input", 1).toString(), "--limit-mb", "8")) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err().lines())
          .anyMatch(line -> line.matches("queue: needs .+, has .+"))
          .anyMatch(line -> line.matches("source: needs .+, has .+"))
          .anyMatch(line -> line.matches("sink: needs .+, has .+"));
      assertThat(run.json()).containsEntry("ok", false).containsEntry("error", "bounds");
    }
    assertThat(home.resolve("state")).doesNotExist();
  }

  @Test
  void completesOrIsRefusedBelowItsMinimumWhenOnlyWarned() throws Exception {
    try (ToolProcess run =
        run(
            "--input",
            input("input", 20 * MEBIBYTE).toString(),
            "--limit-mb",
            "4",
            "--verify",
            "warn",
            "--sink-mb-per-s",
            "0")) {
      assertThat(run.exitCode()).as(run.err()).isIn(0, 1);
      assertThat(run.err()).contains("queue: needs ");
    }
  }

  @Test
  void refusesABadValueAndMakesNothing() throws Exception {
    try (ToolProcess run = run("--ttl", "soon")) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err()).contains("--ttl", "'soon'", "500ms, 30s, 5m, 2h");
    }
    assertThat(home.resolve("state")).doesNotExist();
  }

  private ToolProcess run(String... arguments) throws IOException {
    return ToolProcess.start(
        home,
        Stream.concat(Stream.of("run", "--json"), Stream.of(arguments)).toArray(String[]::new));
  }

  private Path input(String name, long size) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(size)];
    new Random(size).nextBytes(bytes);
    return Files.write(home.resolve(name), bytes);
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("state/ullage/spill"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private static long reservedBytes(ToolProcess process, String component) {
    try {
      for (Path file : process.counterFiles()) {
        try (CounterFileReader counters = CounterFileReader.open(file)) {
          return counters
              .figures(component)
              .map(ComponentFigures::total)
              .map(figures -> figures.reservedBytes())
              .orElse(0L);
        }
      }
    } catch (IOException notYetComplete) {
      return 0;
    }
    return 0;
  }

  private static long number(Map<String, @Nullable Object> json, String field) {
    return json.get(field) instanceof Long number ? number : -1;
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
