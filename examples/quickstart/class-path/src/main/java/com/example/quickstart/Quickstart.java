package com.example.quickstart;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.WorkflowOptions;
import io.ullage.observe.StatusServer;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;
import io.ullage.spill.ThresholdPolicy;
import java.lang.foreign.ValueLayout;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** All parts together: bounded, attributed, spilled, guarded, and shown over HTTP. */
public final class Quickstart {
  private Quickstart() {}

  /** Sends 64 MiB through a limit of 16 MiB, under a lease. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("quickstart");
    try (ComponentRegistry registry = ComponentRegistry.builder().limitBytes(16 << 20).build();
        StatusServer status = StatusServer.builder(registry).start();
        LeaseStore store = ChronicleLeaseStore.open(folder.resolve("leases"));
        LeaseManager leases = LeaseManager.builder(store).build()) {
      leases.publishTo(registry);
      long sum =
          leases.run(
              "quickstart",
              WorkflowOptions.defaults().withDeadline(Duration.ofMinutes(1)),
              lease -> stream(registry, folder.resolve("spill")));
      System.out.println("class path: sum " + sum);
      System.out.println("status: " + get(status));
    }
  }

  private static long stream(ComponentRegistry registry, Path spill) throws Exception {
    ComponentToken source = registry.component("source").token();
    long sum = 0;
    try (ChunkPool chunks = ChunkPool.open(registry)) {
      SegmentPool pool = SegmentPool.over(chunks);
      try (SpillQueue queue =
          SpillQueue.builder(pool, registry.component("queue").token())
              .store(MappedFileStore.builder(spill).build())
              .spillPolicy(new ThresholdPolicy(4 << 20, 1 << 20))
              .build()) {
        try (SpillWriter writer = queue.writer()) {
          for (int number = 0; number < 256; number++) {
            PooledSegment buffer = pool.acquire(source, 256 << 10, Duration.ofSeconds(10));
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
    }
    return sum;
  }

  private static String get(StatusServer status) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(status.uri().resolve("/health")).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}
