package io.ullage.tool.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JdkFinderTest {
  @TempDir private Path folder;

  @Test
  void prefersTheFolderThatTheUserNames() throws Exception {
    Path named = jdk("named", "27.0.1");
    Path usual = jdk("usual", "25");

    assertThat(
            finder(Map.of("ULLAGE_JAVA_HOME", named.toString(), "JAVA_HOME", usual.toString()))
                .find())
        .isEqualTo(named);
  }

  @Test
  void refusesAFolderThatTheUserNamesWhenItIsTooOld() throws Exception {
    Path old = jdk("old", "24.0.2");
    jdk("good", "25.0.3");

    assertThatThrownBy(() -> finder(Map.of("ULLAGE_JAVA_HOME", old.toString())).find())
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("ULLAGE_JAVA_HOME")
        .hasMessageContaining(old.toString());
  }

  @Test
  void passesByJavaHomeWhenItIsTooOld() throws Exception {
    Path old = jdk("old", "17.0.15");
    Path good = jdk("good", "25.0.3");

    assertThat(finder(Map.of("JAVA_HOME", old.toString())).find()).isEqualTo(good);
  }

  @Test
  void takesTheOldestThatIsNewEnough() throws Exception {
    jdk("a-newer", "26");
    jdk("b-old", "1.8.0_412");
    Path good = jdk("c-good", "25.0.3");

    assertThat(finder(Map.of()).find()).isEqualTo(good);
  }

  @Test
  void passesByRuntimesWithoutACompilerAndFilesThatAreNoJdk() throws Exception {
    Path runtime = jdk("runtime", "25");
    Files.delete(runtime.resolve("bin/javac"));
    Files.createDirectory(folder.resolve("empty"));
    Files.writeString(jdk("odd", "25").resolve("release"), "JAVA_VERSION=\"soon\"\n");
    Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> finder(Map.of()).find())
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("25")
        .hasMessageContaining("install one");
  }

  @Test
  void looksIntoBundlesOfMacOs() throws Exception {
    Path good = jdk("temurin-25.jdk/Contents/Home", "25.0.3");

    assertThat(finder(Map.of()).find()).isEqualTo(good);
  }

  private JdkFinder finder(Map<String, String> environment) {
    return new JdkFinder(environment, List.of(folder.resolve("missing"), folder));
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Path compiler = Files.createDirectories(home.resolve("bin")).resolve("javac");
    Files.writeString(compiler, "");
    assertThat(compiler.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
