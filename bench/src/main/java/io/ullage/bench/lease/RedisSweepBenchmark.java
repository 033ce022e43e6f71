package io.ullage.bench.lease;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.RenewalRequest;
import io.ullage.lease.redis.RedisLeaseStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One heartbeat that renews every lease of a process on a Redis server on loopback: from the first
 * request to the last answer, asked for by one thread.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class RedisSweepBenchmark {
  /** How many leases the process holds. */
  @Param("2000")
  public int leases = 2000;

  private @Nullable RedisServer server;
  private @Nullable RedisLeaseStore store;
  private final List<LeaseGrant> held = new ArrayList<>();

  /** Starts a server and takes the leases. */
  @Setup
  public void open() throws IOException {
    RedisServer started = new RedisServer();
    server = started;
    RedisLeaseStore opened = RedisLeaseStore.open(started.uri());
    store = opened;
    for (int i = 0; i < leases; i++) {
      held.add(
          Objects.requireNonNull(
              opened.tryAcquire(new LeaseRequest("swept-" + i, LeasePeer.TTL_NANOS, "", false))));
    }
  }

  /** Renews all, and waits until each was answered. */
  @Benchmark
  public void renewAll() {
    List<RenewalRequest> requests = new ArrayList<>(held.size());
    for (LeaseGrant grant : held) {
      requests.add(new RenewalRequest(grant, LeasePeer.TTL_NANOS));
    }
    Objects.requireNonNull(store).renewAll(requests);
    for (RenewalRequest request : requests) {
      if (request.answer().join() != RenewalOutcome.HELD) {
        throw new IllegalStateException("a lease was lost");
      }
    }
  }

  /** Ends both. */
  @TearDown
  public void close() throws IOException {
    held.clear();
    Objects.requireNonNull(store).close();
    Objects.requireNonNull(server).close();
  }
}
