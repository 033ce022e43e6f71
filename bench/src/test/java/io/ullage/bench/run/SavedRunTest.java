package io.ullage.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ullage.bench.result.MachineFacts;
import io.ullage.bench.result.Measurement;
import io.ullage.bench.result.MeasurementFixture;
import io.ullage.bench.result.ProcessorTime;
import io.ullage.bench.result.ResultFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SavedRunTest {
  private static final Plan.Entry SMALL =
      new Plan.Entry(
          "io.ullage.bench.Sample.run", Map.of("size", "64"), List.of("ullage", "peer"), false);
  private static final Plan.Entry LARGE =
      new Plan.Entry(
          "io.ullage.bench.Sample.run", Map.of("size", "1024"), List.of("ullage", "peer"), false);

  @TempDir private Path folder;
  private Path file = Path.of("");
  private MachineFacts machine = new MachineFacts(Map.of());

  @BeforeEach
  void knowThisMachine() {
    file = folder.resolve("run.json");
    machine = MachineFacts.detect(folder);
  }

  @Test
  void goesOnWhereAnotherRunStopped() throws Exception {
    SavedRun first = SavedRun.begin(file, machine);
    first.add(SMALL, List.of(of("ullage", "64", 1, 2), of("peer", "64", 3, 4)));

    SavedRun second = SavedRun.resume(file, machine);

    assertThat(second.has(SMALL, 2)).isTrue();
    assertThat(second.has(LARGE, 2)).isFalse();
    second.add(LARGE, List.of(of("ullage", "1024", 5, 6), of("peer", "1024", 7, 8)));
    assertThat(ResultFile.read(file).measurements()).hasSize(4);
    assertThat(second.log()).isEqualTo(folder.resolve("run.log"));
  }

  @Test
  void addsWhatTheHostTookToWhatItTookBefore() throws Exception {
    new ResultFile(
            machine.with(
                "stolen by the host", new ProcessorTime(1_000_000_000, 500_000_000).text()),
            List.of())
        .write(file);

    SavedRun second = SavedRun.resume(file, machine);
    second.add(SMALL, List.of(of("ullage", "64", 1, 2), of("peer", "64", 3, 4)));

    assertThat(second.stolen().ticks()).isGreaterThanOrEqualTo(1_000_000_000);
    assertThat(second.stolen().stolenShare()).isBetween(0.4, 0.51);
    assertThat(ResultFile.read(file).machine().facts().get("stolen by the host"))
        .startsWith(second.stolen().percent().substring(0, 2));
  }

  @Test
  void leavesNothingBesideItsFile() throws Exception {
    SavedRun.begin(file, machine).add(SMALL, List.of(of("ullage", "64", 1)));

    assertThat(folder).isDirectoryContaining("glob:**/run.json");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void measuresAgainWhatIsNotWhole() throws Exception {
    SavedRun run = SavedRun.begin(file, machine);
    run.add(SMALL, List.of(of("ullage", "64", 1, 2)));
    run.add(LARGE, List.of(of("ullage", "1024", 1), of("peer", "1024", 1)));

    assertThat(run.has(SMALL, 1)).as("the peer failed").isFalse();
    assertThat(run.has(LARGE, 2)).as("a quick run").isFalse();

    run.add(LARGE, List.of(of("ullage", "1024", 1, 2), of("peer", "1024", 3, 4)));
    assertThat(run.has(LARGE, 2)).isTrue();
    assertThat(run.measurements()).as("the new in place of the old").hasSize(3);
  }

  @Test
  void mixesNoTwoMachines() throws Exception {
    MachineFacts other = machine.with("cpu", "Another One");
    SavedRun.begin(file, other).add(SMALL, List.of(of("ullage", "64", 1), of("peer", "64", 1)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SavedRun.resume(file, machine))
        .withMessageContaining("cpu")
        .withMessageContaining("Another One");
  }

  private static Measurement of(String impl, String size, double... forks) {
    Measurement measured = MeasurementFixture.of(impl, forks);
    return MeasurementFixture.of(impl, Map.of("size", size), measured.forks());
  }
}
