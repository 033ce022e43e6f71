package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedSegmentTest {
  private static final long LIMIT_BYTES = 1 << 20;

  private final TestPool pool = new TestPool(LIMIT_BYTES);
  private final ComponentToken token = pool.token("mapper");
  private final Component component = token.component();
  private @TempDir Path folder;
  private Path path;

  @BeforeEach
  void makeFile() throws IOException {
    path = folder.resolve("mapped");
    Files.write(path, new byte[8192]);
  }

  @AfterEach
  void accountingIsExact() {
    pool.close();
  }

  @Test
  void isChargedApartFromWhatIsAllocated() throws IOException {
    try (FileChannel file = open();
        MappedSegment mapped = pool.segments.map(token, file, MapMode.READ_WRITE, 4096, 4096)) {
      assertThat(mapped.component()).isSameAs(component);
      assertThat(component.ownReservedBytes()).isEqualTo(4096);
      assertThat(component.usedBytes()).isZero();
      assertThat(pool.chunks.statistics()).isEqualTo(new PoolStatistics(0, 0, 0));
    }
    assertThat(component.ownReservedBytes()).isZero();
  }

  @Test
  void writesToItsPartOfTheFile() throws IOException {
    try (FileChannel file = open();
        MappedSegment mapped = pool.segments.map(token, file, MapMode.READ_WRITE, 4096, 16)) {
      mapped.segment().set(JAVA_LONG, 0, 42);
      mapped.segment().force();
    }
    MemorySegment written = MemorySegment.ofArray(Files.readAllBytes(path));
    assertThat(written.get(JAVA_LONG.withByteAlignment(1), 4096)).isEqualTo(42);
    assertThat(written.get(JAVA_LONG.withByteAlignment(1), 0)).isZero();
  }

  @Test
  void throwsWhenUsedOrClosedAfterClose() throws IOException {
    try (FileChannel file = open()) {
      MappedSegment mapped = pool.segments.map(token, file, MapMode.READ_ONLY, 0, 8192);
      mapped.close();
      assertThatThrownBy(() -> mapped.segment().get(JAVA_LONG, 0))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(mapped::close).isInstanceOf(IllegalStateException.class);
    }
    assertThat(component.ownReservedBytes()).isZero();
  }

  @Test
  void isRefusedWhereALimitHasNoRoom() throws IOException {
    try (FileChannel file = open()) {
      assertThatThrownBy(
              () -> pool.segments.map(token, file, MapMode.READ_WRITE, 0, LIMIT_BYTES + 1))
          .isInstanceOf(MemoryLimitException.class);
      assertThat(file.size()).isEqualTo(8192);
    }
  }

  @Test
  void leavesNothingChargedWhenTheFileCannotBeMapped() throws IOException {
    try (FileChannel readOnly = FileChannel.open(path, StandardOpenOption.READ)) {
      assertThatThrownBy(() -> pool.segments.map(token, readOnly, MapMode.READ_ONLY, 0, 10_000))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> pool.segments.map(token, readOnly, MapMode.READ_WRITE, 0, 10))
          .isInstanceOf(RuntimeException.class);
    }
    assertThat(component.ownReservedBytes()).isZero();
  }

  @Test
  void refusesAPartThatCannotBe() throws IOException {
    try (FileChannel file = open()) {
      assertThatThrownBy(() -> pool.segments.map(token, file, MapMode.READ_ONLY, -1, 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("offset -1: must be zero or more");
      assertThatThrownBy(() -> pool.segments.map(token, file, MapMode.READ_ONLY, 0, -7))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("byteSize -7: must be zero or more");
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
