package io.ullage.tool.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputSequenceTest {
  @TempDir Path folder;

  @Test
  void repeatsTheFilesAndCutsTheLastCopyShort() throws IOException {
    List<InputFile> files = List.of(file("a", 1000), file("empty", 0), file("b", 37));
    byte[] once = concatenation(files);
    for (int total : new int[] {0, 1, 999, 1000, 1001, 1037, 5000}) {
      byte[] expected = new byte[total];
      for (int i = 0; i < total; i++) {
        expected[i] = once[i % once.length];
      }
      assertThat(read(files, total, 64)).as("%d bytes", total).isEqualTo(expected);
    }
  }

  @Test
  void refusesAFileThatBecameShorter() throws IOException {
    InputFile file = file("a", 100);
    Files.write(file.path(), new byte[99]);
    assertThatThrownBy(() -> read(List.of(file), 100, 100))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining(file.path().toString())
        .hasMessageContaining("ends at 99 bytes; it had 100");
  }

  private static byte[] read(List<InputFile> files, long total, int chunk) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputSequence inputs = new InputSequence(files, total);
        Arena arena = Arena.ofConfined()) {
      while (inputs.remaining() > 0) {
        MemorySegment segment = arena.allocate(Math.min(chunk, inputs.remaining()));
        inputs.read(segment);
        bytes.writeBytes(segment.toArray(ValueLayout.JAVA_BYTE));
      }
    }
    return bytes.toByteArray();
  }

  private InputFile file(String name, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(name.hashCode()).nextBytes(bytes);
    return new InputFile(Files.write(folder.resolve(name), bytes), size);
  }

  private static byte[] concatenation(List<InputFile> files) throws IOException {
    List<Byte> all = new ArrayList<>();
    for (InputFile file : files) {
      for (byte each : Files.readAllBytes(file.path())) {
        all.add(each);
      }
    }
    byte[] bytes = new byte[all.size()];
    Arrays.setAll(new int[bytes.length], i -> bytes[i] = all.get(i));
    return bytes;
  }
}
