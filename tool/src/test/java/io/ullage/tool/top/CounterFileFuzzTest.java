package io.ullage.tool.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever stands in a counter file, reading it gives figures or none: other programs write there,
 * and may die while they do.
 */
class CounterFileFuzzTest {
  /** The header, the metadata of the first components and their values lie within. */
  private static final int INTERESTING_BYTES = 1 << 15;

  private static byte[] healthy = new byte[0];
  private static Path folder = Path.of("");

  @BeforeContainer
  static void makeAFile() throws IOException {
    folder = Files.createTempDirectory("counters");
    Path file = folder.resolve("healthy.counters");
    try (ComponentRegistry registry =
        ComponentRegistry.builder().counterFile(file).limitBytes(1 << 20).build()) {
      registry.component("alpha.beta").charge(1000);
      registry.publishCounters();
      healthy = Files.readAllBytes(file);
      registry.component("alpha.beta").discharge(1000);
    }
  }

  @AfterContainer
  static void removeIt() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 400)
  void changedBytesGiveFiguresOrNone(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = INTERESTING_BYTES - 1) Integer> offsets,
      @ForAll byte value)
      throws IOException {
    byte[] changed = healthy.clone();
    for (int offset : offsets) {
      int at = offset % changed.length;
      changed[at] = (byte) (changed[at] ^ value);
    }
    assertReadable(changed);
  }

  @Property(tries = 200)
  void headersOfAnyBytesGiveFiguresOrNone(@ForAll @Size(min = 1, max = 256) byte[] header)
      throws IOException {
    byte[] changed = healthy.clone();
    System.arraycopy(header, 0, changed, 0, header.length);
    assertReadable(changed);
  }

  @Property(tries = 200)
  void shorterFilesGiveFiguresOrNone(@ForAll @IntRange(max = 1 << 20) int bytes)
      throws IOException {
    assertReadable(Arrays.copyOf(healthy, Math.min(bytes, healthy.length)));
  }

  private static void assertReadable(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("changed.counters"), bytes);
    Optional<ProgramFigures> figures = CounterFiles.read(file);
    figures.ifPresent(found -> assertThat(found.toJson()).containsKeys("pid", "components"));
  }
}
