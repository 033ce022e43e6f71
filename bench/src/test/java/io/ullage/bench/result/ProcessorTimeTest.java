package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorTimeTest {
  @TempDir private Path folder;

  @Test
  void tellsWhatTheHostTookBetweenTwoMoments() throws Exception {
    ProcessorTime before = read("cpu  100 0 100 700 0 0 0 100 50 50\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
    ProcessorTime after = read("cpu  200 0 200 1380 0 0 0 120 70 70\n");

    ProcessorTime between = after.since(before);

    assertThat(between).isEqualTo(new ProcessorTime(900, 20));
    assertThat(between.percent()).isEqualTo("2.22 %");
    assertThat(between.isNoisy()).isTrue();
  }

  @Test
  void canBeReadFromItsTextAndAddedUp() {
    ProcessorTime time = new ProcessorTime(900, 20);

    assertThat(time.text()).isEqualTo("2.22 % (20 of 900 ticks)");
    assertThat(ProcessorTime.parse(time.text())).isEqualTo(time);
    assertThat(time.plus(new ProcessorTime(100, 5))).isEqualTo(new ProcessorTime(1000, 25));
    assertThat(ProcessorTime.parse("2.22 %")).isEqualTo(new ProcessorTime(0, 0));
  }

  @Test
  void nothingIsStolenWhereTheSystemDoesNotCount() throws Exception {
    assertThat(ProcessorTime.read(folder.resolve("none"))).isEqualTo(new ProcessorTime(0, 0));
    assertThat(read("")).isEqualTo(new ProcessorTime(0, 0));
    assertThat(read("cpu 1 2 3 4\n")).isEqualTo(new ProcessorTime(0, 0));
    assertThat(read("cpu a b c d e f g h\n")).isEqualTo(new ProcessorTime(0, 0));
    assertThat(new ProcessorTime(0, 0).isNoisy()).isFalse();
  }

  private ProcessorTime read(String text) throws Exception {
    return ProcessorTime.read(Files.writeString(folder.resolve("stat"), text));
  }
}
