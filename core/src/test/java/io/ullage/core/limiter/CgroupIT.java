package io.ullage.core.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ullage.core.limiter.internal.CgroupMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Detection and usage in real control groups; skipped where the machine does not allow to make any.
 */
class CgroupIT {
  private static final long LIMIT_BYTES = 512L << 20;
  private static final long TOUCHED_BYTES = 64L << 20;

  private Path outer = Path.of("");
  private Path inner = Path.of("");

  @AfterEach
  void removeGroups() throws IOException {
    if (!outer.toString().isEmpty()) {
      Files.deleteIfExists(inner);
      Files.deleteIfExists(outer);
    }
  }

  @Test
  void aProcessFindsTheLimitOfAGroupAboveItsOwnAndSeesItsMemoryThere() throws Exception {
    makeGroups();
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "echo $$ > '" + inner.resolve("cgroup.procs") + "' && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    assertThat(process.waitFor()).as(output).isZero();
    List<String> lines = output.lines().toList();
    assertThat(lines.get(0)).isEqualTo("Known[bytes=" + LIMIT_BYTES + ", origin=CGROUP]");
    assertThat(lines.get(1)).isEqualTo(Long.toString(LIMIT_BYTES));
    assertThat(Long.parseLong(lines.get(2))).isGreaterThanOrEqualTo(TOUCHED_BYTES * 9 / 10);
  }

  private void makeGroups() {
    try {
      Path own =
          CgroupMemory.locate(Path.of("/"))
              .orElseThrow(() -> new IOException("no control groups"))
              .directory();
      outer = own.resolve("ullage-test-" + ProcessHandle.current().pid());
      inner = outer.resolve("inner");
      Files.createDirectory(outer);
      if (Files.exists(outer.resolve("memory.limit_in_bytes"))) {
        Files.createDirectory(inner);
        Files.writeString(outer.resolve("memory.limit_in_bytes"), Long.toString(LIMIT_BYTES));
      } else {
        assumeTrue(Files.exists(outer.resolve("memory.max")), "no memory controller for groups");
        Files.writeString(outer.resolve("memory.max"), Long.toString(LIMIT_BYTES));
        Files.writeString(outer.resolve("cgroup.subtree_control"), "+memory");
        Files.createDirectory(inner);
      }
    } catch (IOException e) {
      abort("no control group can be made here: " + e);
    }
  }

  /**
   * Runs in the group: prints the limit, the limit that usage is compared with, and what touching
   * adds.
   */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) throws IOException {
      System.out.println(LimitDetection.ofThisProcess().limit());
      UsageReading before = UsageSource.cgroup().read();
      System.out.println(before.limitBytes());
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(TOUCHED_BYTES);
        segment.fill((byte) 1);
        System.out.println(UsageSource.cgroup().read().usedBytes() - before.usedBytes());
      }
    }
  }
}
