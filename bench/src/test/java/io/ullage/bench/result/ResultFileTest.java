package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
                MeasurementFixture.of("", 7)));
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "[{}]",
        "{\"results\":[{\"benchmark\":1}]}",
        "[{\"benchmark\":\"b\",\"threads\":1}]",
        "[] []"
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
