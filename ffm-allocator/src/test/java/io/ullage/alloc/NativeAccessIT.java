package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NativeAccessIT {
  @Test
  void withoutNativeAccessEverythingStillWorksAndEachPoolSaysSoOnce() throws Exception {
    ForkedJvm jvm = ForkedJvm.run(LifetimesMain.class, List.of(), "--illegal-native-access=deny");
    assertThat(jvm.output()).contains("native: false", "all lifetimes worked");
    assertThat(jvm.output().split("No native access", -1)).hasSize(1 + LifetimesMain.POOLS);
    assertThat(jvm.exitCode()).isZero();
  }

  @Test
  void withNativeAccessItUsesThePoolAndSaysNothing() throws Exception {
    ForkedJvm jvm =
        ForkedJvm.run(LifetimesMain.class, List.of(), "--enable-native-access=ALL-UNNAMED");
    assertThat(jvm.output()).contains("native: true", "all lifetimes worked");
    assertThat(jvm.output()).doesNotContain("No native access", "WARNING");
    assertThat(jvm.exitCode()).isZero();
  }
}
