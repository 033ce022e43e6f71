package io.ullage.tool.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The {@code Main-Class} of jars that need JVM options: makes plain {@code java -jar} work.
 *
 * <p>The jar's manifest says what to start: {@code Ullage-Main-Class} is the real main class,
 * {@code Ullage-Jvm-Options} the argument files, packed into the jar, that hold its options. If the
 * running JVM is new enough and has every option, the real main class is called in it; else it runs
 * in a child JVM, whose input, output, exit code and directory are those of this process. Ending
 * this process ends the child.
 */
public final class JarLauncher {
  private static final String MAIN_CLASS = "Ullage-Main-Class";
  private static final String OPTION_FILES = "Ullage-Jvm-Options";
  private static final int EXIT_FAILED = 70;
  private static final int CHILD_GRACE_SECONDS = 10;

  private JarLauncher() {}

  /** Starts what the manifest of this class's jar names. */
  public static void main(String[] arguments) throws Throwable {
    try {
      Path jar = ownJar();
      Attributes manifest = manifestOf(jar);
      String mainClass = required(manifest, MAIN_CLASS);
      List<String> options = optionsOf(required(manifest, OPTION_FILES));
      if (canRunHere(options)) {
        callMain(mainClass, arguments);
      } else {
        System.exit(runChild(javaExecutable(), options, jar, mainClass, arguments));
      }
    } catch (LaunchException cannotStart) {
      System.err.println(cannotStart.getMessage());
      System.exit(EXIT_FAILED);
    }
  }

  private static Path ownJar() throws LaunchException {
    try {
      return Path.of(JarLauncher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException notAFile) {
      throw new LaunchException("this launcher runs only from a jar file", notAFile);
    }
  }

  private static Attributes manifestOf(Path jar) throws LaunchException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    } catch (IOException unreadable) {
      throw new LaunchException("cannot read " + jar + ": " + unreadable.getMessage(), unreadable);
    }
  }

  private static String required(Attributes manifest, String name) throws LaunchException {
    String value = manifest.getValue(name);
    if (value == null) {
      throw new LaunchException("the manifest of this jar lacks " + name);
    }
    return value;
  }

  private static List<String> optionsOf(String fileNames) throws LaunchException {
    List<String> options = new ArrayList<>();
    for (String name : fileNames.split(" ", -1)) {
      options.addAll(JvmOptions.parse(resource(name)));
    }
    return options;
  }

  private static String resource(String name) throws LaunchException {
    URL location = JarLauncher.class.getResource("/" + name);
    if (location == null) {
      throw new LaunchException("this jar lacks " + name);
    }
    try (InputStream stream = location.openStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new LaunchException("cannot read " + location, unreadable);
    }
  }

  private static boolean canRunHere(List<String> options) {
    return Runtime.version().feature() >= JdkFinder.OLDEST_FEATURE
        && ManagementFactory.getRuntimeMXBean().getInputArguments().containsAll(options);
  }

  private static Path javaExecutable() throws LaunchException {
    Path home =
        Runtime.version().feature() >= JdkFinder.OLDEST_FEATURE
            ? Path.of(System.getProperty("java.home"))
            : JdkFinder.ofThisMachine().find();
    return home.resolve("bin").resolve("java");
  }

  private static void callMain(String mainClass, String[] arguments) throws Throwable {
    try {
      Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getTargetException();
    }
  }

  private static int runChild(
      Path java, List<String> options, Path jar, String mainClass, String[] arguments)
      throws LaunchException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(ownOptions());
    command.addAll(options);
    command.addAll(List.of("-cp", jar.toString(), mainClass));
    command.addAll(List.of(arguments));
    try {
      Process child = new ProcessBuilder(command).inheritIO().start();
      Thread end = new Thread(() -> end(child), "ullage-launcher-end");
      Runtime.getRuntime().addShutdownHook(end);
      return child.waitFor();
    } catch (IOException cannotStart) {
      throw new LaunchException(
          "cannot start " + java + ": " + cannotStart.getMessage(), cannotStart);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return EXIT_FAILED;
    }
  }

  /**
   * The options that the user gave to this JVM go before ours; a JVM too old for the child knows
   * other options.
   */
  private static List<String> ownOptions() {
    return Runtime.version().feature() >= JdkFinder.OLDEST_FEATURE
        ? ManagementFactory.getRuntimeMXBean().getInputArguments()
        : List.of();
  }

  private static void end(Process child) {
    child.destroy();
    try {
      if (!child.waitFor(CHILD_GRACE_SECONDS, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
