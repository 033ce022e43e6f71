package io.ullage.tool.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever stands in a counter file, reading it gives figures or none: other programs write there,
 * and may die while they do.
 */
class CounterFileFuzzTest {
  /** The header, the metadata of the first components and their values lie within. */
  static final int INTERESTING_BYTES = 1 << 15;

  private static final byte[] HEALTHY = healthyFile();

  private static byte[] healthyFile() {
    try {
      Path folder = Files.createTempDirectory("counters");
      Path file = folder.resolve("healthy.counters");
      try (ComponentRegistry registry =
          ComponentRegistry.builder().counterFile(file).limitBytes(1 << 20).build()) {
        registry.component("alpha.beta").charge(1000);
        registry.publishCounters();
        byte[] bytes = Files.readAllBytes(file);
        registry.component("alpha.beta").discharge(1000);
        return bytes;
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Example
  void theFileAsItIsGivesFigures() throws IOException {
    Path file = Files.write(Files.createTempFile("whole", ".counters"), HEALTHY);
    try {
      assertThat(CounterFiles.read(file)).isPresent();
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 400)
  void changedBytesGiveFiguresOrNone(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = INTERESTING_BYTES - 1) Integer> offsets,
      @ForAll byte value)
      throws IOException {
    byte[] changed = HEALTHY.clone();
    for (int offset : offsets) {
      int at = offset % changed.length;
      changed[at] = (byte) (changed[at] ^ value);
    }
    assertReadable(changed);
  }

  @Property(tries = 200)
  void headersOfAnyBytesGiveFiguresOrNone(@ForAll @Size(min = 1, max = 256) byte[] header)
      throws IOException {
    byte[] changed = HEALTHY.clone();
    System.arraycopy(header, 0, changed, 0, header.length);
    assertReadable(changed);
  }

  @Property(tries = 200)
  void shorterFilesGiveFiguresOrNone(@ForAll @IntRange(max = 1 << 20) int bytes)
      throws IOException {
    assertReadable(Arrays.copyOf(HEALTHY, Math.min(bytes, HEALTHY.length)));
  }

  private static void assertReadable(byte[] bytes) throws IOException {
    Path file = Files.write(Files.createTempFile("changed", ".counters"), bytes);
    try {
      Optional<ProgramFigures> figures = CounterFiles.read(file);
      figures.ifPresent(found -> assertThat(found.toJson()).containsKeys("pid", "components"));
    } finally {
      Files.delete(file);
    }
  }
}
