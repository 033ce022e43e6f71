package io.ullage.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
          .containsPattern("credit path \\w");
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
}
