package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResultFileTest {
  @TempDir private Path folder;

  @Test
  void readsWhatItWrote() throws Exception {
    ResultFile written =
        new ResultFile(
            new MachineFacts(Map.of("cpu", "a \"fast\" one")),
            List.of(
                MeasurementFixture.of(
                    "ullage", Map.of("size", "64"), List.of(List.of(1.5, 2.0), List.of(3.0))),
                MeasurementFixture.of("peer", 7)));
    Path file = folder.resolve("results.json");

    written.write(file);

    assertThat(ResultFile.read(file)).isEqualTo(written);
  }

  @Test
  void readsWhatJmhWrites() throws Exception {
    Path file = folder.resolve("jmh.json");
    Files.writeString(
        file,
        """
        [{"jmhVersion":"1.37","benchmark":"a.B.c","mode":"avgt","threads":2,"forks":1,
          "params":{"impl":"ullage","size":"64"},
          "primaryMetric":{"score":2.0,"scoreError":"NaN","scoreConfidence":["NaN","NaN"],
            "scorePercentiles":{"0.0":1.0,"100.0":3.0},"scoreUnit":"ns/op","rawData":[[1.0,3.0]]},
          "secondaryMetrics":{}}]
        """);

    ResultFile read = ResultFile.read(file);

    assertThat(read.machine().facts()).isEmpty();
    assertThat(read.measurements())
        .singleElement()
        .satisfies(m -> assertThat(m.median()).isEqualTo(2.0));
  }

  @Test
  void whatHadNoImplementationsToChooseFromIsOurs() throws Exception {
    Path file = folder.resolve("jmh.json");
    Files.writeString(
        file,
        """
        [{"benchmark":"a.B.c","mode":"avgt","threads":1,"params":{},
          "primaryMetric":{"scoreUnit":"ns/op","rawData":[[1.0]]}}]
        """);

    List<Measurement> read = ResultFile.read(file).measurements();

    assertThat(Comparison.of(read))
        .singleElement()
        .satisfies(alone -> assertThat(alone.ours()).contains(read.getFirst()));
  }

  @Test
  void countsAMachineOnceWhateverItsLoad() {
    MachineFacts quiet = new MachineFacts(Map.of("cpu", "a", "load", "0.1"));
    MachineFacts busy = new MachineFacts(Map.of("cpu", "a", "load", "9.9"));
    MachineFacts other = new MachineFacts(Map.of("cpu", "b", "load", "0.1"));

    assertThat(
            ResultFile.machines(
                Stream.of(quiet, new MachineFacts(Map.of()), busy, other)
                    .map(machine -> new ResultFile(machine, List.of()))
                    .toList()))
        .containsExactly(quiet, other);
  }

  @Test
  void holdsTheRatiosToEachPeersBestFork() throws Exception {
    Path file = folder.resolve("results.json");
    new ResultFile(
            new MachineFacts(Map.of()),
            List.of(MeasurementFixture.of("ullage", 10), MeasurementFixture.of("peer", 50, 20)))
        .write(file);

    assertThat(Files.readString(file))
        .contains("\"against\":\"peer\",\"ratio\":2.0,\"low\":2.0,\"high\":5.0,\"too_noisy\":true");
  }

  @Test
  void keepsSamplesOfSingleEvents() throws Exception {
    Path file = folder.resolve("takeover.json");
    Measurement samples =
        Measurement.ofSamples(
            "a.takeover.owned",
            new TreeMap<>(Map.of("series", "kill-64")),
            "ns",
            new long[] {30, 10, 20, 40});
    new ResultFile(new MachineFacts(Map.of()), List.of(samples)).write(file);

    assertThat(ResultFile.read(file).measurements())
        .singleElement()
        .satisfies(
            m -> {
              assertThat(m).isEqualTo(samples);
              assertThat(m.isSampled()).isTrue();
              assertThat(m.percentiles())
                  .containsEntry(0.0, 10.0)
                  .containsEntry(50.0, 20.0)
                  .containsEntry(99.0, 40.0)
                  .containsEntry(100.0, 40.0);
            });
  }

  @Test
  void readsLinesOfSpillStressAsForks() throws Exception {
    Path file = folder.resolve("spill-stress-4kb.jsonl");
    String line =
        "{\"ok\":true,\"pushed_bytes\":1048576,\"drained_bytes\":1048576,\"elapsed_seconds\":%s,"
            + "\"offer_p50_ns\":%d,\"offer_p999_ns\":200,\"offer_max_ns\":300,"
            + "\"poll_p50_ns\":1,\"poll_p999_ns\":2,\"poll_max_ns\":3}%n";
    Files.writeString(file, line.formatted("0.5", 100) + line.formatted("0.25", 90));

    List<Measurement> read = ResultFile.read(file).measurements();

    assertThat(read)
        .extracting(Measurement::benchmark)
        .containsExactly(
            "io.ullage.tool.spill-stress.offer",
            "io.ullage.tool.spill-stress.poll",
            "io.ullage.tool.spill-stress.throughput");
    assertThat(read.getFirst().percentiles()).containsEntry(50.0, 100.0).containsEntry(99.9, 200.0);
    assertThat(read.getLast().forkMedians()).containsExactly(2.0, 4.0);
    assertThat(read.getLast().isHigherBetter()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "[{}]",
        "{\"results\":[{\"benchmark\":1}]}",
        "[{\"benchmark\":\"b\",\"threads\":1}]",
        "[] []",
        "1\nx",
        "{\"pushed_bytes\":1}",
        "{\"pushed_bytes\":1}\n2"
      })
  void refusesOtherFilesAndNamesThem(String text) throws Exception {
    Path file = folder.resolve("other.json");
    Files.writeString(file, text);

    assertThatThrownBy(() -> ResultFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other.json");
  }

  @Test
  void saysThatThereIsNoSuchFile() {
    assertThatThrownBy(() -> ResultFile.read(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }
}
