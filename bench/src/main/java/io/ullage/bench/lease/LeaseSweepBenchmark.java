package io.ullage.bench.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseManagerBuilder;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * One sweep of a heartbeat that renews every lease of a process in the shared store: what the
 * heartbeat thread does, from the clock that it reads to the instant that it sleeps until.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class LeaseSweepBenchmark {
  /** How many leases the process holds. */
  @Param("2000")
  public int leases = 2000;

  private Path folder = Path.of("");
  private MethodHandle sweep = MethodHandles.identity(long.class);
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Lease> held = new ArrayList<>();

  /** Takes the leases, all of which are due at each sweep. */
  @Setup
  public void open() throws ReflectiveOperationException, IOException {
    folder = Files.createTempDirectory("ullage-bench");
    ChronicleLeaseStore store = ChronicleLeaseStore.open(folder.resolve("leases"));
    LeaseManagerBuilder builder = LeaseManager.builder(store).heartbeat(Duration.ofNanos(1));
    // A manager whose heartbeat is called is made for tests, and not public.
    Method withoutThreads = LeaseManagerBuilder.class.getDeclaredMethod("withoutThreads");
    withoutThreads.setAccessible(true);
    withoutThreads.invoke(builder);
    LeaseManager manager = builder.build();
    toClose.addAll(List.of(manager, store));
    Method sweepsOf = LeaseManager.class.getDeclaredMethod("sweeps");
    sweepsOf.setAccessible(true);
    Object sweeps = sweepsOf.invoke(manager);
    Method renewDue = sweeps.getClass().getDeclaredMethod("renewDue", long.class);
    renewDue.setAccessible(true);
    sweep =
        MethodHandles.lookup()
            .unreflect(renewDue)
            .bindTo(sweeps)
            .asType(MethodType.methodType(long.class, long.class));
    for (int i = 0; i < leases; i++) {
      held.add(manager.tryAcquire("swept-" + i).orElseThrow());
    }
  }

  /** Renews all. */
  @Benchmark
  public long renewAll() throws Throwable {
    return (long) sweep.invokeExact(System.nanoTime());
  }

  /** Gives the leases back, if all were renewed and none was lost. */
  @TearDown
  public void close() throws Exception {
    boolean renewed = held.stream().allMatch(lease -> lease.isValid() && lease.renewals() > 0);
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
    Folders.delete(folder);
    if (!renewed) {
      throw new IllegalStateException("a lease was lost or not renewed");
    }
  }
}
