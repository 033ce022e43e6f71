package io.ullage.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ullage.core.CounterFileReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorIT {
  @TempDir Path home;

  @Test
  void findsTheJvmHealthyAndMakesNothing() throws Exception {
    try (ToolProcess doctor = ToolProcess.start(home, "doctor")) {
      int exitCode = doctor.exitCode();
      // Other programs of this host may have left counter files behind.
      assertThat(doctor.out().lines().filter(line -> line.startsWith("TO DO")))
          .allMatch(line -> line.contains("stale file"))
          .hasSizeGreaterThanOrEqualTo(exitCode);
      assertThat(doctor.out())
          .containsPattern("counter file +on")
          .containsPattern("credit path \\w")
          .containsPattern("memory limit +\\d")
          .doesNotContain("\u001b");
    }
    assertThat(home.resolve("state")).doesNotExist();
  }

  @Test
  void saysWhatToDoAboutAFolderThatOthersCanEnter() throws Exception {
    Path folder = Files.createDirectories(home.resolve("state/ullage"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (ToolProcess doctor = ToolProcess.start(home, "doctor")) {
      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(doctor.out()).contains("TO DO folder", folder.toString(), "chmod 700");
    }
  }

  @Test
  void namesTheJvmOptionThatIsMissing() throws Exception {
    // On the class path: a manifest would open what the options do not.
    try (ToolProcess doctor =
        ToolProcess.startWithout(home, "--add-opens java.base/jdk.internal.misc", "doctor")) {
      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(toDo(doctor))
          .anyMatch(
              line ->
                  line.contains("counter file")
                      && line.contains("add --add-opens java.base/jdk.internal.misc=ALL-UNNAMED"));
    }
    try (ToolProcess doctor = ToolProcess.startWithout(home, "--enable-native-access", "doctor")) {
      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(toDo(doctor))
          .anyMatch(
              line ->
                  line.contains("native access")
                      && line.contains("add --enable-native-access=ALL-UNNAMED"));
    }
  }

  @Test
  void namesTheCounterFileOfAKilledProgramAndRemovesItWhenAsked() throws Exception {
    Path stale;
    try (ToolProcess killed =
        ToolProcess.start(home, "run", "--total-mb", "1", "--linger", "10m")) {
      killed.await("counters", () -> hasReadableCounters(killed));
      stale = killed.counterFiles().getFirst();
      killed.signal("KILL");
      killed.exitCode();
    }
    assertThat(stale).exists();
    try (ToolProcess doctor = ToolProcess.start(home, "doctor")) {
      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(toDo(doctor))
          .anyMatch(
              line ->
                  line.contains("stale file")
                      && line.contains(stale + " belongs to pid ")
                      && line.contains("rm " + stale));
    } finally {
      Files.delete(stale);
    }
  }

  @Test
  void namesASpillFolderThatIsFull() throws Exception {
    Path full = Files.createDirectories(home.resolve("full"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "ullage-test", full.toString()) == 0,
        "a full file system takes root, to mount a small one");
    try (ToolProcess doctor = ToolProcess.start(home, "doctor", "--spill-dir", full.toString())) {
      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(toDo(doctor))
          .anyMatch(
              line ->
                  line.contains("spill folder")
                      && line.contains(full + ", tmpfs, ")
                      && line.contains("(full): make room"));
    } finally {
      run("umount", full.toString());
    }
  }

  @Test
  void namesALeaseStoreThatIsDamaged() throws Exception {
    Path store = home.resolve("leases");
    try (ToolProcess lease =
        ToolProcess.start(home, "lease", "exec", "k", "--store", store.toString(), "--", "true")) {
      assertThat(lease.exitCode()).as(lease.err()).isZero();
    }
    try (ToolProcess doctor =
        ToolProcess.start(home, "doctor", "--lease-store", store.toString())) {
      doctor.exitCode();
      assertThat(doctor.out()).containsPattern("ok +lease store +" + store + ", 0 leases held");
    }
    try (RandomAccessFile file = new RandomAccessFile(store.toFile(), "rw")) {
      file.write(new byte[64]);
    }
    try (ToolProcess doctor =
        ToolProcess.start(home, "doctor", "--lease-store", store.toString())) {
      assertThat(doctor.exitCode()).isEqualTo(1);
      assertThat(toDo(doctor))
          .anyMatch(
              line ->
                  line.contains("lease store")
                      && line.contains(store + " is damaged: ")
                      && line.contains("rm " + store));
    }
  }

  private static boolean hasReadableCounters(ToolProcess program) {
    if (program.counterFiles().isEmpty()) {
      return false;
    }
    try (CounterFileReader reader = CounterFileReader.open(program.counterFiles().getFirst())) {
      return reader.alive();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static List<String> toDo(ToolProcess doctor) {
    return doctor.out().lines().filter(line -> line.startsWith("TO DO")).toList();
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor();
  }
}
