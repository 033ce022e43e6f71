package io.ullage.stress;

import io.ullage.stress.soak.SoakCommand;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ullage stress}: runs the concurrency tests and says which of them failed. */
@Command(
    name = "ullage stress",
    description = "Runs the concurrency tests.",
    subcommands = SoakCommand.class,
    footer =
        "%nAll of jcstress's own options (-l, -t, -m, …) work as well; with any of them jcstress"
            + " runs as it is.")
final class StressCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonOption json = new JsonOption();

  @ArgGroup private @Nullable Choice choice;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Where to save jcstress's pages (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("results", "jcstress");

  @Parameters(
      arity = "0..1",
      paramLabel = "REGEX",
      description = "Runs only tests whose full name contains a match.")
  private String regex = ".*";

  /** Runs with no more than one of these. */
  static final class Choice {
    @Option(names = "--smoke", hidden = true)
    private boolean smoke;

    @Option(names = "--quick", description = "Every pair of compilers, shortly; minutes (default).")
    private boolean quick;

    @Option(
        names = "--full",
        description =
            "Many forks of each, and the crash and fault tests at their full counts; hours.")
    private boolean full;

    Extent extent() {
      return full ? Extent.FULL : smoke && !quick ? Extent.SMOKE : Extent.QUICK;
    }
  }

  @Override
  public Integer call() throws Exception {
    Extent extent = choice == null ? Extent.QUICK : choice.extent();
    checkRegex();
    List<String> arguments = new ArrayList<>(extent.options());
    Files.createDirectories(folder);
    arguments.addAll(List.of("-t", regex, "-r", folder.toString()));
    PrintStream stdout = System.out;
    // jcstress prints its progress where results belong.
    System.setOut(System.err);
    try {
      return run(extent, new Options(arguments.toArray(new String[0])));
    } finally {
      System.setOut(stdout);
    }
  }

  private int run(Extent extent, Options options) throws Exception {
    if (!options.parse()) {
      throw new IllegalStateException("jcstress refused the options of " + extent.name());
    }
    JCStress jcstress = new JCStress(options);
    SortedSet<String> tests = jcstress.getTests();
    if (tests.isEmpty()) {
      throw BadValue.of(spec, "REGEX", regex, "what matches the name of a test; -l lists them");
    }
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("extent", extent.name());
    figures.put("tests", tests.size());
    figures.put("report", folder.resolve("index.html").toString());
    try {
      jcstress.run();
    } catch (AssertionError failed) {
      throw new CommandFailure(
          new Failure(ExitCode.FAILED, "test_failed", firstLines(failed.getMessage())),
          figures,
          failed);
    } finally {
      removeBlob(options);
    }
    if (extent.equals(Extent.FULL)) {
      runFaultTests(figures);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d tests passed; %s%n", tests.size(), figures.get("report"));
    if (json.isOn()) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("ok", true);
      line.putAll(figures);
      line.put("error", null);
      out.println(JsonLine.of(line));
    }
    out.flush();
    return ExitCode.OK;
  }

  private void runFaultTests(Map<String, @Nullable Object> figures) throws Exception {
    Optional<FaultTests> faults = FaultTests.ofClone(System.getenv());
    figures.put("fault_tests", faults.isPresent());
    if (faults.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "crash and fault tests were left out: the build runs them, start ./ullage in a clone");
      err.flush();
    } else if (faults.get().run() != 0) {
      throw new CommandFailure(
          new Failure(ExitCode.FAILED, "test_failed", "a crash or fault test failed"),
          figures,
          null);
    }
  }

  /**
   * The file of raw results, which jcstress leaves in the caller's directory; the pages hold what
   * it says.
   */
  private static void removeBlob(Options options) throws IOException {
    Files.deleteIfExists(Path.of(options.getResultFile()));
  }

  /** Each failure once: the test and what it saw, without the many options of the JVM. */
  static String firstLines(@Nullable String message) {
    return message == null
        ? "a test failed"
        : message
            .lines()
            .skip(1)
            .map(line -> line.replaceAll(" \\[[^\\]]*\\]", "").strip())
            .filter(line -> !line.isEmpty())
            .distinct()
            .collect(Collectors.joining("; "));
  }

  private void checkRegex() {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException bad) {
      throw BadValue.of(spec, "REGEX", regex, "a regular expression of Java");
    }
  }
}
