package com.example.modular;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.time.Duration;

/** Budget, allocator and spill queue as named modules. */
public final class Modular {
  private Modular() {}

  /** Sends 16 MiB through a limit of 8 MiB. */
  public static void main(String[] arguments) throws Exception {
    try (ComponentRegistry registry = ComponentRegistry.builder().limitBytes(8 << 20).build();
        ChunkPool chunks = ChunkPool.open(registry)) {
      SegmentPool pool = SegmentPool.over(chunks);
      ComponentToken source = registry.component("source").token();
      long sum = 0;
      try (SpillQueue queue =
          SpillQueue.builder(pool, registry.component("queue").token())
              .store(MappedFileStore.builder(Files.createTempDirectory("spill")).build())
              .spillPolicy(new ThresholdPolicy(2 << 20, 1 << 20))
              .build()) {
        try (SpillWriter writer = queue.writer()) {
          for (int number = 0; number < 256; number++) {
            PooledSegment buffer = pool.acquire(source, 64 << 10, Duration.ofSeconds(10));
            buffer.segment().set(ValueLayout.JAVA_INT, 0, number);
            writer.offer(buffer.detach());
          }
        }
        for (DetachedSegment next; (next = queue.take()) != null; ) {
          try (PooledSegment buffer = next.attach()) {
            sum += buffer.segment().get(ValueLayout.JAVA_INT, 0);
          }
        }
      }
      System.out.printf(
          "%s: sum %d, counters %s%n",
          Modular.class.getModule(), sum, registry.counterFile().isPresent() ? "on" : "off");
    }
  }
}
