package io.ullage.tool.run;

import io.ullage.core.bounds.BoundsVerifier;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.MemoryGrant;
import io.ullage.core.bounds.VerificationMode;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.observe.SizingGuide;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import io.ullage.tool.frame.Kibibytes;
import io.ullage.tool.frame.Mebibytes;
import io.ullage.tool.frame.Share;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ullage sizing}: the sizing guide for the bounds of {@code ullage run}. */
@Command(
    name = "sizing",
    description =
        "Write a page on which to change the settings of ullage run, and to see what each component"
            + " then needs and whether it fits. One HTML file that needs no server.",
    footer = {"", "Example:", "  ullage sizing --out sizing.html --limit-mb 64"})
public final class SizingCommand implements Callable<Integer> {
  private static final String OUT = "--out";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = OUT, required = true, paramLabel = "FILE", description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = RunOptions.CHUNK,
      paramLabel = "N",
      converter = Kibibytes.Converter.class,
      description = "The size of a chunk to begin with. Default: ${DEFAULT-VALUE}.",
      defaultValue = "256")
  private Kibibytes chunk = new Kibibytes(0);

  @Option(
      names = RunOptions.LIMIT,
      paramLabel = "N",
      converter = Mebibytes.Converter.class,
      description = "The limit to begin with. Default: ${DEFAULT-VALUE}.",
      defaultValue = "128")
  private Mebibytes limit = new Mebibytes(0);

  @Option(
      names = RunOptions.SLOP,
      paramLabel = "SHARE",
      converter = Share.Converter.class,
      description = "The share of the limit to leave unused. Default: ${DEFAULT-VALUE}.",
      defaultValue = "0")
  private Share slop = new Share(0);

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command line. */
  public SizingCommand() {}

  @Override
  public Integer call() throws IOException {
    if (chunk.bytes() == 0 || chunk.bytes() > RunPlanner.GREATEST_CHUNK_KIB << 10) {
      throw BadValue.of(spec, RunOptions.CHUNK, chunk, "are 1 to " + RunPlanner.GREATEST_CHUNK_KIB);
    }
    if (Files.isDirectory(out)) {
      throw BadValue.of(spec, OUT, out, "are files");
    }
    MemoryGrant grant = MemoryGrant.of(limit.bytes(), slop.value());
    ComponentBounds bounds =
        ComponentBounds.of(new RunBounds(chunk.bytes(), grant.effectiveLimitBytes()));
    VerifiedBounds verified = new BoundsVerifier(bounds, grant).verify(VerificationMode.OFF);
    SizingGuide.of(verified).writeTo(out);
    PrintWriter result = spec.commandLine().getOut();
    if (json.isOn()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("ok", true);
      fields.put("file", out.toAbsolutePath().toString());
      fields.put("error", null);
      result.println(JsonLine.of(fields));
    } else {
      result.println(out.toAbsolutePath());
    }
    result.flush();
    return ExitCode.OK;
  }
}
