package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX) // the address space is limited with the shell's ulimit
class ExhaustedSystemIT {
  private static final int ADDRESS_SPACE_KIB = 6 << 20;

  @Test
  void survivesASystemThatHasNoMoreMemory() throws Exception {
    ForkedJvm jvm =
        ForkedJvm.run(
            ExhaustedSystemMain.class,
            List.of("sh", "-c", "ulimit -v " + ADDRESS_SPACE_KIB + " && exec \"$0\" \"$@\""),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:CompressedClassSpaceSize=64m");
    assertThat(jvm.output()).contains("recovered");
    assertThat(jvm.exitCode()).isZero();
  }
}
