package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CounterFileTest {
  @TempDir Path directory;

  @Test
  void showsEveryComponentToAReader() throws IOException {
    Path file = directory.resolve("x.counters");
    try (ComponentRegistry registry =
        ComponentRegistry.builder().limitBytes(1000).counterFile(file).build()) {
      assertThat(registry.counterFile()).contains(file);
      Component c = registry.component("a.b");
      c.setLimitBytes(500);
      c.charge(300);
      c.discharge(100);
      c.tryCharge(400);
      registry.publishCounters();

      try (CounterFileReader reader = CounterFileReader.open(file)) {
        assertThat(reader.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(reader.alive()).isTrue();
        assertThat(reader.snapshot().exact()).isTrue();
        assertThat(reader.components()).isEqualTo(registry.snapshot().components());
        assertThat(reader.figures("a.b").orElseThrow())
            .isEqualTo(
                new ComponentFigures(
                    "a.b",
                    500,
                    300,
                    new MemoryFigures(200, 0, 300, 100, 1, 1, 1, 0),
                    new MemoryFigures(200, 0, 300, 100, 1, 1, 1, 0)));
        c.discharge(200);
        c.close();
        registry.publishCounters();
        assertThat(reader.components()).containsOnlyKeys("root", "a");
      }
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void isReadableByItsOwnerOnly() throws IOException {
    try (ComponentRegistry registry =
        ComponentRegistry.builder().counterFileDirectory(directory).build()) {
      Path file = registry.counterFile().orElseThrow();
      assertThat(file.getFileName().toString()).matches("ullage-\\d+-0\\.counters");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      try (ComponentRegistry second =
          ComponentRegistry.builder().counterFileDirectory(directory).build()) {
        assertThat(second.counterFile().orElseThrow().getFileName().toString())
            .endsWith("-1.counters");
      }
    }
  }

  @Test
  void doesWithoutAFileWhereThereCannotBeOne() throws IOException {
    Path taken = Files.createFile(directory.resolve("taken"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));
    for (Path file : new Path[] {taken, link, directory.resolve("missing/x")}) {
      try (ComponentRegistry registry = ComponentRegistry.builder().counterFile(file).build()) {
        assertThat(registry.counterFile()).isEmpty();
        registry.component("a").charge(1);
      }
    }
    assertThat(taken).isEmptyFile();
    assertThat(directory.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void keepsAccountingWhenTheFileIsFull() throws IOException {
    Path file = directory.resolve("x.counters");
    try (ComponentRegistry registry =
        ComponentRegistry.builder().counterFile(file).counterFileCapacity(2).build()) {
      registry.component("a").charge(1);
      registry.component("b").charge(2);
      registry.publishCounters();
      assertThat(registry.root().totalReservedBytes()).isEqualTo(3);
      try (CounterFileReader reader = CounterFileReader.open(file)) {
        assertThat(reader.components()).hasSize(2).containsKey("root");
      }
    }
  }

  @Test
  void refusesAForeignOrTornFile() throws IOException {
    Path file = directory.resolve("x.counters");
    try (ComponentRegistry registry =
        ComponentRegistry.builder().counterFile(file).counterFileCapacity(4).build()) {
      byte[] good = Files.readAllBytes(registry.counterFile().orElseThrow());
      refuses(new byte[0], "less than a header");
      refuses(new byte[8192], "no counter file");
      refuses(changed(good, 8, 0), "not finished");
      refuses(changed(good, 8, 99), "version 99");
      refuses(changed(good, 56, 128), "damaged");
      refuses(changed(good, 56, -128), "damaged");
      refuses(Arrays.copyOf(good, good.length - 1), "damaged");
    }
  }

  private void refuses(byte[] bytes, String reason) throws IOException {
    Path file = Files.write(directory.resolve("torn"), bytes);
    assertThatExceptionOfType(CounterFileException.class)
        .isThrownBy(() -> CounterFileReader.open(file))
        .withMessageContaining("torn")
        .withMessageContaining(reason);
  }

  @Test
  void saysSoWhenTheFileIsCutWhileItIsRead() throws IOException {
    Path file = directory.resolve("x.counters");
    Path copy = directory.resolve("copy");
    try (ComponentRegistry registry =
        ComponentRegistry.builder().counterFile(file).counterFileCapacity(64).build()) {
      Files.copy(registry.counterFile().orElseThrow(), copy);
    }
    try (CounterFileReader reader = CounterFileReader.open(copy)) {
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      assertThatExceptionOfType(CounterFileException.class)
          .isThrownBy(reader::snapshot)
          .withMessageContaining("cut");
    }
  }

  private static byte[] changed(byte[] good, int offset, int value) {
    byte[] bytes = good.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(offset, value);
    return bytes;
  }
}
