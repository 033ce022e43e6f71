package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Structured task scopes need preview features, hence a JVM of its own. */
class StructuredInheritanceIT {
  @Test
  void aStructuredScopeHandsTheBoundTokenOnToItsSubtasks() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview",
                "--source",
                "25",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Path.of("src", "test", "preview", "StructuredInheritance.java").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(out.lines())
        .containsExactly("inherited bound", "parent entered", "inner entered", "outside none");
  }
}
