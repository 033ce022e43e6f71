package io.ullage.tool.launch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a JDK that is new enough, by the file {@code release} that every JDK carries: no process is
 * started.
 *
 * <p>A folder counts only if it holds a compiler, because Chronicle Map compiles classes at run
 * time.
 */
final class JdkFinder {
  /** The oldest Java that Ullage runs on. */
  static final int OLDEST_FEATURE = 25;

  private static final List<String> USUAL_FOLDERS =
      List.of(
          "/usr/lib/jvm",
          "/usr/java",
          "/usr/local/java",
          "/opt",
          "/opt/java",
          "/opt/jdk",
          "/opt/homebrew/opt",
          "/usr/local/opt",
          "/Library/Java/JavaVirtualMachines",
          "~/Library/Java/JavaVirtualMachines",
          "~/.sdkman/candidates/java",
          "~/.jdks",
          "~/.asdf/installs/java",
          "~/.local/share/mise/installs/java",
          "~/.gradle/jdks");

  private final Map<String, String> environment;
  private final List<Path> folders;

  /** A finder that looks at some environment variables and into some folders of JDKs. */
  JdkFinder(Map<String, String> environment, List<Path> folders) {
    this.environment = Map.copyOf(environment);
    this.folders = List.copyOf(folders);
  }

  /** A finder for this process's environment and the folders that package managers use. */
  static JdkFinder ofThisMachine() {
    Path home = Path.of(System.getProperty("user.home", "/"));
    List<Path> folders = new ArrayList<>();
    for (String folder : USUAL_FOLDERS) {
      folders.add(folder.startsWith("~/") ? home.resolve(folder.substring(2)) : Path.of(folder));
    }
    return new JdkFinder(System.getenv(), folders);
  }

  /**
   * The home of a JDK: {@code ULLAGE_JAVA_HOME}, which must be new enough if it is set; {@code
   * JAVA_HOME}, if it is new enough; else the oldest that is new enough in the usual folders.
   *
   * @throws LaunchException if there is none
   */
  Path find() throws LaunchException {
    String wanted = environment.getOrDefault("ULLAGE_JAVA_HOME", "");
    if (!wanted.isEmpty()) {
      return at(Path.of(wanted))
          .map(Jdk::home)
          .orElseThrow(
              () ->
                  new LaunchException(
                      "ULLAGE_JAVA_HOME is "
                          + wanted
                          + ", which is no JDK of version "
                          + OLDEST_FEATURE
                          + " or later"));
    }
    String usual = environment.getOrDefault("JAVA_HOME", "");
    Optional<Jdk> found = usual.isEmpty() ? Optional.empty() : at(Path.of(usual));
    if (found.isPresent()) {
      return found.get().home();
    }
    return inFolders().stream()
        .min(Comparator.comparingInt(Jdk::feature).thenComparing(Jdk::home))
        .map(Jdk::home)
        .orElseThrow(
            () ->
                new LaunchException(
                    "no JDK of version "
                        + OLDEST_FEATURE
                        + " or later was found; install one (adoptium.net, or the package of your"
                        + " system) and set ULLAGE_JAVA_HOME to its folder"));
  }

  private List<Jdk> inFolders() {
    List<Jdk> found = new ArrayList<>();
    for (Path folder : folders) {
      for (Path child : children(folder)) {
        at(child).ifPresent(found::add);
        at(child.resolve("Contents/Home")).ifPresent(found::add);
        at(child.resolve("libexec/openjdk.jdk/Contents/Home")).ifPresent(found::add);
      }
    }
    return found;
  }

  /** A folder that is missing or may not be read holds no JDK for us. */
  private static List<Path> children(Path folder) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      List<Path> children = new ArrayList<>();
      stream.forEach(children::add);
      return children;
    } catch (IOException | DirectoryIteratorException unreadable) {
      return List.of();
    }
  }

  private static Optional<Jdk> at(Path home) {
    Path release = home.resolve("release");
    if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/javac"))) {
      return Optional.empty();
    }
    try {
      for (String line : Files.readAllLines(release)) {
        if (line.startsWith("JAVA_VERSION=")) {
          String version = line.substring("JAVA_VERSION=".length()).replace("\"", "").trim();
          int feature = Runtime.Version.parse(version).feature();
          return feature < OLDEST_FEATURE ? Optional.empty() : Optional.of(new Jdk(home, feature));
        }
      }
      return Optional.empty();
    } catch (IOException | IllegalArgumentException notAJdk) {
      return Optional.empty();
    }
  }

  private record Jdk(Path home, int feature) {}
}
