package io.ullage.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineFactsTest {
  @TempDir private Path root;

  @Test
  void readsWhatLinuxTells() throws Exception {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/cpuinfo"), "processor\t: 0\nmodel name\t: A Fast One\n");
    Files.writeString(root.resolve("proc/meminfo"), "MemTotal:       16384 kB\n");
    Path cpu = Files.createDirectories(root.resolve("sys/devices/system/cpu/cpu0/cpufreq"));
    Files.writeString(cpu.resolve("scaling_governor"), "performance\n");

    assertThat(MachineFacts.detect(root, root).facts())
        .containsEntry("cpu", "A Fast One")
        .containsEntry("memory", "16384 kB")
        .containsEntry("governor", "performance")
        .containsKeys("cpus", "kernel", "jdk", "file system");
  }

  @Test
  void saysWhatItCannotTell() {
    assertThat(MachineFacts.detect(root, root.resolve("none")).facts())
        .containsEntry("cpu", "unknown")
        .containsEntry("governor", "not shown by this system")
        .containsEntry("file system", "unknown");
  }
}
