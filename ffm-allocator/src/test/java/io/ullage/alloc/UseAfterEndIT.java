package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX) // it reads /dev/zero and writes /dev/null
class UseAfterEndIT {
  @Test
  void everyUseAfterTheEndThrowsAndNoneCrashes() throws Exception {
    ForkedJvm jvm =
        ForkedJvm.run(
            UseAfterEndMain.class,
            List.of(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xcheck:jni",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-CreateCoredumpOnCrash");
    assertThat(jvm.output()).doesNotContain("UNEXPECTED").contains("every use threw");
    assertThat(jvm.exitCode()).isZero();
  }
}
