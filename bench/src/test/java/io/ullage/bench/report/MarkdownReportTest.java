package io.ullage.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.bench.result.Goal;
import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.MeasurementFixture;
import io.ullage.bench.result.ResultFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MarkdownReportTest {
  @Test
  void showsMachineAndOneRowForEachImplementation() {
    assertThat(text(measured("peer", "64", 20, 30), measured("ullage", "64", 10, 12)))
        .contains("| cpu | a fast one |")
        .contains("## Sample.run, ns/op")
        .contains(
            """
            | size 64 | |
            |---|---|
            | **ullage** | 11.0 (10.0–12.0) |
            | peer | 25.0 (20.0–30.0)<br>1.82× [1.67–3.00] |
            """);
  }

  @Test
  void hasAColumnForEachValueOfAParameterThatIsANumber() {
    assertThat(
            text(
                measured("ullage", "65536", 10, 10),
                measured("peer", "65536", 30, 30),
                measured("ullage", "64", 10, 10)))
        .contains(
            """
            |  | size 64 B | size 64 KiB |
            |---|---|---|
            | **ullage** | 10.0 (10.0–10.0) | 10.0 (10.0–10.0) |
            | peer |  | 30.0 (30.0–30.0)<br>3.00× [3.00–3.00] |
            """);
  }

  @Test
  void saysWhereNoiseLeavesOpenWhoIsFaster() {
    assertThat(text(measured("ullage", "64", 10, 30), measured("peer", "64", 15, 25)))
        .contains("<br>≈ 0.75×");
  }

  @Test
  void judgesTheGoalsThatWereMeasured() throws Exception {
    Measurement sample = MeasurementFixture.of("ullage", 15, 16);
    Measurement sweep =
        new Measurement(
            "io.ullage.bench.lease.LeaseSweepBenchmark.renewAll",
            MeasurementFixture.of("ullage", Map.of("leases", "2000"), List.of(List.of(1.0)))
                .parameters(),
            "ullage",
            1,
            "avgt",
            "ns/op",
            sample.forks(),
            sample.percentiles());

    assertThat(
            new MarkdownReport(
                    List.of(new ResultFile(new MachineFacts(Map.of()), List.of(sweep))), Goal.all())
                .text())
        .contains("renewed in one sweep, in nanoseconds | ≤ 20,000 | 15.50 ns/op | met |")
        .doesNotContain("not measured");
  }

  @Test
  void theTablesOfTheDocsAreThoseOfTheirFigures() throws Exception {
    Path saved = Path.of("..", "docs", "measurements");

    assertThat(Files.readString(saved.resolve("full.md")))
        .isEqualTo(
            new MarkdownReport(List.of(ResultFile.read(saved.resolve("full.json"))), Goal.all())
                .text());
  }

  private static String text(Measurement... measured) {
    return new MarkdownReport(
            List.of(
                new ResultFile(new MachineFacts(Map.of("cpu", "a fast one")), List.of(measured))),
            List.of())
        .text();
  }

  private static Measurement measured(String impl, String size, double... forks) {
    return MeasurementFixture.of(
        impl, Map.of("size", size), MeasurementFixture.of(impl, forks).forks());
  }
}
