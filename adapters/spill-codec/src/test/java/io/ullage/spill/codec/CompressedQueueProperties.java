package io.ullage.spill.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ComponentRegistry;
import io.ullage.spill.EagerPolicy;
import io.ullage.spill.HeapStore;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillStore;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** A queue over compressing stores, against a plain deque: the same bytes in the same order. */
class CompressedQueueProperties {
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(0, 1, 64, 500, 5000, 70_000);
  }

  @Property(tries = 60)
  void whatComesOutIsWhatWentIn(
      @ForAll Compression compression,
      @ForAll boolean inFiles,
      @ForAll boolean eager,
      @ForAll boolean compressible,
      @ForAll long seed,
      @ForAll @Size(max = 60) List<@From("sizes") Integer> sizes)
      throws Exception {
    Path directory = Files.createTempDirectory("ullage-spill-codec");
    try (ComponentRegistry registry =
            ComponentRegistry.builder().limitBytes(32 << 20).withoutCounterFile().build();
        ChunkPool pool = ChunkPool.open(registry);
        SpillStore store =
            new CompressingStore(inFiles ? files(directory) : new HeapStore(), compression);
        SpillQueue queue =
            SpillQueue.builder(pool, registry.component("queue").token())
                .store(store)
                .spillPolicy(eager ? new EagerPolicy() : new ThresholdPolicy(20_000, 5000))
                .prefetchPolicy(PrefetchPolicy.budget(eager ? 0 : 5000))
                .build();
        SpillWriter writer = queue.writer()) {
      Random random = new Random(seed);
      Deque<byte[]> model = new ArrayDeque<>();
      for (int size : sizes) {
        byte[] entry = new byte[size];
        if (!compressible) {
          random.nextBytes(entry);
        }
        writer.offer(MemorySegment.ofArray(entry));
        model.add(entry);
        if (random.nextInt(3) == 0) {
          expect(queue, model.remove());
        }
      }
      while (!model.isEmpty()) {
        expect(queue, model.remove());
      }
      assertThat(queue.statistics().isBalanced()).isTrue();
    } finally {
      Files.delete(directory);
    }
  }

  private static SpillStore files(Path directory) throws IOException {
    return MappedFileStore.builder(directory).segmentBytes(256 << 10).build();
  }

  private static void expect(SpillQueue queue, byte[] expected) throws InterruptedException {
    DetachedSegment taken = Objects.requireNonNull(queue.take());
    try (PooledSegment attached = taken.attach()) {
      assertThat(attached.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
    }
  }
}
