package io.ullage.spill.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever happens to the bytes of segment files, an entry comes back as it was, or fails by type:
 * never another byte, never a crash.
 */
class SegmentFileFuzzTest {
  private static final int SEGMENT_BYTES = 256 << 10;
  private static final int MILLION = 1_000_000;

  private static Path directory = Path.of("");

  /** What somebody does to a file. */
  enum Change {
    NOISE,
    ZEROS,
    COPY,
    TRUNCATE,
    TRUNCATE_AND_GROW
  }

  /** Places are given in millionths of the file. */
  record Damage(Change change, int at, int from, int byteSize, long seed) {}

  @BeforeContainer
  static void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("segments");
  }

  @AfterContainer
  static void removeDirectory() throws IOException {
    Files.delete(directory);
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    Arbitrary<Integer> share = Arbitraries.integers().between(0, MILLION - 1);
    return Combinators.combine(
            Arbitraries.of(Change.class),
            share,
            share,
            Arbitraries.integers().between(1, 3_000),
            Arbitraries.longs())
        .as(Damage::new)
        .list()
        .ofMinSize(0)
        .ofMaxSize(4);
  }

  /** Some are read through the mapping, some through the channel. */
  @Provide
  Arbitrary<List<Integer>> byteSizes() {
    int large = (int) SlotReader.POSITIONAL_BYTES;
    return Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.integers().between(1, 5_000)),
            Tuple.of(1, Arbitraries.integers().between(large, large + 5_000)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 200)
  void anEntryComesBackAsItWasOrFailsByType(
      @ForAll("byteSizes") List<Integer> byteSizes, @ForAll("damages") List<Damage> damages)
      throws IOException {
    try (BackDoors doors = new BackDoors();
        Arena arena = Arena.ofConfined();
        MappedFiles files =
            MappedFiles.open(
                List.of(directory),
                SEGMENT_BYTES,
                0,
                new DiskBudget(Long.MAX_VALUE, 0),
                MemoryCharge.ofNobody(),
                doors);
        SpillSession session = files.open(7)) {
      List<SpilledRun> runs = new ArrayList<>();
      for (int i = 0; i < byteSizes.size(); i++) {
        MemorySegment entry = arena.allocateFrom(ValueLayout.JAVA_BYTE, content(i, byteSizes));
        runs.add(session.spill(SpillBatch.single(i, entry)));
      }
      for (Damage damage : damages) {
        apply(damage, doors.all().get((int) Math.floorMod(damage.seed, (long) doors.all().size())));
      }

      int whole = 0;
      for (int i = 0; i < runs.size(); i++) {
        MemorySegment memory = arena.allocate(byteSizes.get(i));
        try {
          assertThat(session.fetch(runs.get(i), new Into(memory))).isEqualTo(1);
          assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content(i, byteSizes));
          whole++;
        } catch (SpillDamageException damaged) {
          assertThat(damaged.sequence()).isEqualTo(i);
          assertThat(session.discardFirst(runs.get(i), 1)).isEqualTo(byteSizes.get(i).longValue());
        }
      }
      if (damages.isEmpty()) {
        assertThat(whole).isEqualTo(byteSizes.size());
      }
    }
  }

  private static byte[] content(int entry, List<Integer> byteSizes) {
    byte[] bytes = new byte[byteSizes.get(entry)];
    new Random(entry).nextBytes(bytes);
    return bytes;
  }

  private static void apply(Damage damage, FileChannel file) throws IOException {
    long at = file.size() * damage.at / MILLION;
    ByteBuffer bytes = ByteBuffer.allocate(damage.byteSize);
    switch (damage.change) {
      case NOISE -> {
        new Random(damage.seed).nextBytes(bytes.array());
        file.write(bytes, at);
      }
      case ZEROS -> file.write(bytes, at);
      case COPY -> {
        file.read(bytes, file.size() * damage.from / MILLION);
        file.write(bytes.flip(), at);
      }
      case TRUNCATE -> file.truncate(at);
      case TRUNCATE_AND_GROW -> {
        long before = file.size();
        file.truncate(at);
        file.write(ByteBuffer.allocate(1), Math.max(0, before - 1));
      }
    }
  }

  /** Takes one entry. */
  private record Into(MemorySegment memory) implements FetchTarget {
    @Override
    public MemorySegment next(long byteSize) {
      assertThat(byteSize).isEqualTo(memory.byteSize());
      return memory;
    }

    @Override
    public void commit() {
      // The memory is looked at when the fetch has returned.
    }
  }
}
