package io.ullage.bench.lease;

import io.ullage.lease.HeapLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseView;
import io.ullage.lease.RenewalOutcome;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a held lease costs: a look at its validity, a renewal, a look by somebody else. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class HeldLeaseBenchmark {
  private static final long TTL_NANOS = 30_000_000_000L;

  private final HeapLeaseStore store = new HeapLeaseStore();
  private final LeaseManager manager = LeaseManager.builder(store).build();
  private final Lease lease = manager.tryAcquire("k").orElseThrow();
  private final LeaseGrant grant =
      Objects.requireNonNull(store.tryAcquire(new LeaseRequest("renewed", TTL_NANOS, "", false)));

  /** Checks that both are held. */
  @Setup
  public void check() {
    if (!lease.isValid() || grant.check() != RenewalOutcome.HELD) {
      throw new IllegalStateException("not held");
    }
  }

  /** Gives them back. */
  @TearDown
  public void release() {
    grant.release();
    manager.close();
  }

  /** Compares clocks. */
  @Benchmark
  public boolean isValid() {
    return lease.isValid();
  }

  /** Extends by one compare-and-set. */
  @Benchmark
  public RenewalOutcome renew() {
    return grant.renew(TTL_NANOS);
  }

  /** Reads who holds the key. */
  @Benchmark
  public Optional<LeaseView> peek() {
    return manager.peek("k");
  }
}
