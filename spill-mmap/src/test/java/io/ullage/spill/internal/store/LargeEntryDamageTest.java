package io.ullage.spill.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillDamageException;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage to an entry that is large enough to be read through the channel. */
class LargeEntryDamageTest {
  private static final int ENTRY_BYTES = (int) SlotReader.POSITIONAL_BYTES + 5;

  @TempDir Path directory;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(ENTRY_BYTES, 8);
  private MappedFiles files;
  private SpillSession session;
  private SpilledRun run;

  private final BackDoors doors = new BackDoors();

  private final FetchTarget target =
      new FetchTarget() {
        @Override
        public MemorySegment next(long byteSize) {
          return memory;
        }

        @Override
        public void commit() {
          // The memory is looked at when the fetch has returned.
        }
      };

  @BeforeEach
  void spill() throws IOException {
    files =
        MappedFiles.open(
            List.of(directory),
            256 << 10,
            0,
            new DiskBudget(Long.MAX_VALUE, 0),
            MemoryCharge.ofNobody(),
            doors);
    session = files.open(7);
    MemorySegment entry = arena.allocate(ENTRY_BYTES, 64);
    entry.fill((byte) 9);
    run = session.spill(SpillBatch.single(100, entry));
  }

  @AfterEach
  void close() throws IOException {
    session.close();
    files.close();
    doors.close();
    arena.close();
  }

  @Test
  void comesBackWhereNothingIsDamaged() throws IOException {
    assertThat(session.fetch(run, target)).isEqualTo(1);
    assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsOnly(9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 40, 44, 64, 40_000, 64 + ENTRY_BYTES - 1})
  void aFlippedByteIsATypedError(int position) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    FileChannel door = doors.first();
    door.read(one, position);
    one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
    door.write(one, position);
    assertThatThrownBy(() -> session.fetch(run, target))
        .isInstanceOfSatisfying(
            SpillDamageException.class, damage -> assertThat(damage.sequence()).isEqualTo(100));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 30, 64, 20_000})
  void aTruncatedFileIsATypedError(int byteSize) throws IOException {
    doors.first().truncate(byteSize);
    assertThatThrownBy(() -> session.fetch(run, target))
        .isInstanceOf(SpillDamageException.class)
        .hasMessageContaining("missing");
  }
}
