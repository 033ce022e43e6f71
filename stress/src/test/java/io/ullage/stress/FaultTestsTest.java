package io.ullage.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FaultTestsTest {
  @Test
  void areFoundInTheCloneThatTheScriptNamesAndNowhereElse(@TempDir Path root) throws Exception {
    assertThat(FaultTests.ofClone(Map.of())).isEmpty();
    assertThat(FaultTests.ofClone(Map.of("ULLAGE_ROOT", root.toString()))).isEmpty();

    build(root, "exit 3");

    assertThat(FaultTests.ofClone(Map.of("ULLAGE_ROOT", root.toString()))).isPresent();
  }

  @Test
  void runAtTheirFullCounts(@TempDir Path root) throws Exception {
    Path said = root.resolve("said");
    build(root, "echo \"$@\" >" + said + "; exit 3");

    assertThat(new FaultTests(root).run()).isEqualTo(3);

    assertThat(said).content().contains("verify", "-Dullage.full=true", "-Dullage.spill.kills=100");
  }

  private static void build(Path root, String script) throws Exception {
    Path file = Files.writeString(root.resolve("mvnw"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
