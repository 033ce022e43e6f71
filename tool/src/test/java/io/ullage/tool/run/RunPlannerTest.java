package io.ullage.tool.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.bounds.BoundsVerifier;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.MemoryGrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class RunPlannerTest {
  @TempDir Path folder;

  @Test
  void streamsTheGivenFilesOnce() throws IOException {
    Path a = Files.write(folder.resolve("a"), new byte[10]);
    Path link = Files.createSymbolicLink(folder.resolve("link"), a);
    RunPlan plan = plan("--input", a.toString(), "--input", link.toString());
    assertThat(plan.totalBytes()).isEqualTo(20);
    assertThat(plan.inputs())
        .extracting(InputFile::path)
        .containsExactly(a.toRealPath(), a.toRealPath());
  }

  @Test
  void repeatsTheDefaultInput() {
    assertThat(plan().totalBytes()).isEqualTo(2048L << 20);
    assertThat(plan("--total-mb", "3").totalBytes()).isEqualTo(3L << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "--chunk-kb,0",
    "--chunk-kb,262145",
    "--limit-mb,0",
    "--verify,STRICT",
    "--ttl,19ms",
    "--ttl,25h",
    "--deadline,0s",
    "--status-port,65536",
    "--input,missing",
    "--output,missing/file"
  })
  void refusesBadValuesNamingThem(String option, String value) {
    assertThatThrownBy(() -> plan(option, value))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("'" + option + "'")
        .hasMessageContaining("allowed");
  }

  @Test
  void refusesToWriteOverItsInputAndThroughLinks() throws IOException {
    Path a = Files.write(folder.resolve("a"), new byte[10]);
    Path link = Files.createSymbolicLink(folder.resolve("link"), a);
    for (Path output : List.of(a, link, folder)) {
      assertThatThrownBy(() -> plan("--input", a.toString(), "--output", output.toString()))
          .isInstanceOf(ParameterException.class)
          .hasMessageContaining("--output");
    }
  }

  @Test
  void hasOneKeyForTheSameFilesInAnyOrder() {
    InputFile a = new InputFile(Path.of("/a"), 1);
    InputFile b = new InputFile(Path.of("/b"), 2);
    assertThat(RunCommand.leaseKey(List.of(a, b)))
        .isEqualTo(RunCommand.leaseKey(List.of(b, a, b)))
        .isNotEqualTo(RunCommand.leaseKey(List.of(a)))
        .startsWith("run-")
        .hasSize(36);
  }

  @Property(tries = 200)
  void boundsUseEveryByteOfALimitThatIsLargeEnough(
      @ForAll @IntRange(min = 16, max = 1 << 20) int limitMebibytes) {
    MemoryGrant grant = MemoryGrant.of((long) limitMebibytes << 20);
    ComponentBounds bounds =
        ComponentBounds.of(new RunBounds(256 << 10, grant.effectiveLimitBytes()));
    assertThat(bounds.totalMinimumBytes()).isBetween((8L << 20) + 1, 16L << 20);
    assertThat(bounds.totalFirmBytes()).isEqualTo(grant.effectiveLimitBytes());
    assertThat(new BoundsVerifier(bounds, grant).violations()).isEmpty();
  }

  private static RunPlan plan(String... arguments) {
    RunOptions options = new RunOptions();
    CommandLine command = new CommandLine(new Holder(options));
    command.parseArgs(arguments);
    return new RunPlanner(command.getCommandSpec(), options).plan();
  }

  @CommandLine.Command
  record Holder(@CommandLine.Mixin RunOptions options) {}
}
