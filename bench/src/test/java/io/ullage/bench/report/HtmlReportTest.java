package io.ullage.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.bench.result.Goal;
import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.MeasurementFixture;
import io.ullage.bench.result.ResultFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

final class HtmlReportTest {
  @Test
  void showsMachineGoalsAndPlots() throws Exception {
    String page = new HtmlReport(List.of(results()), Goal.all()).text();

    assertThat(page)
        .contains("a &lt;fast&gt; one", "Sample.run", "by size", "not measured", "<h2>Goals</h2>");
  }

  @Test
  void showsAMachineOnceHoweverBusyItWas() throws Exception {
    List<Measurement> measured = List.of(MeasurementFixture.of("ullage", 5));

    assertThat(
            new HtmlReport(
                    List.of(
                        new ResultFile(
                            new MachineFacts(Map.of("cpu", "a fast one", "load", "0.5")), measured),
                        new ResultFile(
                            new MachineFacts(Map.of("cpu", "a fast one", "load", "1.5")),
                            measured)),
                    List.of())
                .text())
        .containsOnlyOnce("a fast one")
        .contains("0.5");
  }

  @Test
  void hasTheNumbersOfEachPlotAsATable() throws Exception {
    assertThat(new HtmlReport(List.of(results()), List.of()).text())
        .contains("<td>peer&lt;&amp;&gt;</td><td>480</td><td>60.0</td><td>900</td>")
        .contains("<th scope=\"col\">64 B</th>", "<th scope=\"col\">64 KiB</th>");
  }

  @Test
  void drawsPercentilesOfWhatWasSampled() throws Exception {
    assertThat(new HtmlReport(List.of(sampled()), List.of()).text())
        .contains("latency", ">p50</text>", ">p99.9</text>")
        .doesNotContain("<rect");
  }

  @Test
  void drawsSeriesOfSamplesBesideEachOther(@TempDir Path folder) throws Exception {
    List<Measurement> takeovers = new ArrayList<>();
    for (String series : List.of("release-64", "kill-64")) {
      takeovers.add(
          Measurement.ofSamples(
              "a.takeover.owned",
              new TreeMap<>(Map.of("series", series)),
              "ns",
              new long[] {1_000, 2_000}));
    }
    ResultFile file = new ResultFile(new MachineFacts(Map.of()), takeovers);

    List<Path> plots = new HtmlReport(List.of(file), List.of()).writePlots(folder);

    assertThat(plots).containsExactly(folder.resolve("takeover-owned-latency.svg"));
    assertThat(Files.readString(plots.getFirst())).contains("release-64", "kill-64");
  }

  @Test
  void writesEachPlotAsAPictureOfItsOwn(@TempDir Path folder) throws Exception {
    List<Path> written = new HtmlReport(List.of(results()), List.of()).writePlots(folder);

    assertThat(written)
        .hasSize(5)
        .contains(
            folder.resolve("sample-run-by-size.svg"), folder.resolve("sample-run-size-64.svg"));
    for (Path file : written) {
      String svg = Files.readString(file);
      DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new java.io.StringReader(svg)));
      assertThat(svg)
          .contains("prefers-color-scheme: dark", "aria-label")
          .doesNotContain("href", "url(", "@import");
    }
  }

  @Test
  void needsNothingFromElsewhere() throws Exception {
    assertThat(new HtmlReport(List.of(results()), Goal.all()).text())
        .doesNotContain("<script", "<link", "src=", "@import", "url(")
        .satisfies(
            page ->
                assertThat(page.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                    .doesNotContain("http"));
  }

  @Test
  void drawsWellFormedPlotsEvenOfFiguresWithoutExtent() throws Exception {
    String page = new HtmlReport(List.of(results()), List.of()).text();
    int plots = 0;
    for (int from = page.indexOf("<svg"); from >= 0; from = page.indexOf("<svg", from + 1)) {
      String svg = page.substring(from, page.indexOf("</svg>", from) + "</svg>".length());
      DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new java.io.StringReader(svg)));
      assertThat(svg).doesNotContain("NaN", "Infinity");
      plots++;
    }
    assertThat(plots).isEqualTo(5);
  }

  private static ResultFile sampled() {
    Measurement plain = MeasurementFixture.of("ullage", 5);
    Measurement sampled =
        new Measurement(
            plain.benchmark(),
            plain.parameters(),
            plain.impl(),
            1,
            "sample",
            "ns/op",
            plain.forks(),
            plain.percentiles());
    return new ResultFile(new MachineFacts(Map.of()), List.of(sampled));
  }

  private static ResultFile results() {
    List<Measurement> measurements = new ArrayList<>();
    for (String size : List.of("64", "1024", "65536")) {
      measurements.add(
          MeasurementFixture.of("ullage", Map.of("size", size), List.of(List.of(10.0, 11.0))));
      measurements.add(
          MeasurementFixture.of(
              "peer<&>", Map.of("size", size), List.of(List.of(900.0), List.of(60.0))));
    }
    Measurement alone = MeasurementFixture.of("ullage", 5);
    measurements.add(
        new Measurement(
            "a.Other.run",
            alone.parameters(),
            "ullage",
            1,
            "ss",
            "ms/op",
            alone.forks(),
            alone.percentiles()));
    return new ResultFile(new MachineFacts(Map.of("cpu", "a <fast> one")), measurements);
  }
}
