package io.ullage.bench.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Takes a free key and gives it back, nobody else asking. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class LeaseAcquireBenchmark {
  /**
   * {@code ullage} is a lease of the manager, with its heartbeat and watchdog; {@code ullage-store}
   * the store alone; {@code reentrant-lock} excludes threads of one program only, {@code file-lock}
   * has neither time nor token.
   */
  @Param({"ullage", "ullage-store", "file-lock", "reentrant-lock"})
  public String impl = "ullage";

  private Exclusion exclusion = () -> {};
  private AutoCloseable resources = () -> {};

  /** Opens what {@link #impl} names. */
  @Setup
  public void open() throws IOException {
    switch (impl) {
      case "ullage" -> openManager();
      case "ullage-store" -> openStore();
      case "file-lock" -> openFileLock();
      case "reentrant-lock" -> openReentrantLock();
      default -> throw new IllegalArgumentException("impl: " + impl);
    }
  }

  /** Closes it. */
  @TearDown
  public void close() throws Exception {
    resources.close();
  }

  /** Acquires and releases. */
  @Benchmark
  public void acquireRelease() throws IOException {
    exclusion.acquireAndRelease();
  }

  private void openManager() throws IOException {
    Path folder = Files.createTempDirectory("ullage-bench");
    ChronicleLeaseStore store = ChronicleLeaseStore.open(folder.resolve("leases"));
    LeaseManager manager = LeaseManager.builder(store).build();
    exclusion =
        () -> {
          try (Lease lease = manager.tryAcquire("benchmark").orElseThrow()) {
            if (!lease.isValid()) {
              throw new IOException("a fresh lease is not valid");
            }
          }
        };
    resources =
        () -> {
          manager.close();
          store.close();
          delete(folder);
        };
  }

  private void openStore() throws IOException {
    Path folder = Files.createTempDirectory("ullage-bench");
    ChronicleLeaseStore store = ChronicleLeaseStore.open(folder.resolve("leases"));
    LeaseRequest request =
        new LeaseRequest("benchmark", Duration.ofSeconds(30).toNanos(), "", false);
    exclusion =
        () -> {
          LeaseGrant grant = store.tryAcquire(request);
          if (grant == null || !grant.release()) {
            throw new IOException("a free key was refused");
          }
        };
    resources =
        () -> {
          store.close();
          delete(folder);
        };
  }

  private void openFileLock() throws IOException {
    Path file = Files.createTempFile("ullage-bench", ".lock");
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    exclusion =
        () -> {
          FileLock lock = channel.tryLock();
          if (lock == null) {
            throw new IOException("a free lock was refused");
          }
          lock.release();
        };
    resources =
        () -> {
          channel.close();
          Files.delete(file);
        };
  }

  private void openReentrantLock() {
    ReentrantLock lock = new ReentrantLock();
    exclusion =
        () -> {
          if (!lock.tryLock()) {
            throw new IOException("a free lock was refused");
          }
          lock.unlock();
        };
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  @FunctionalInterface
  private interface Exclusion {
    void acquireAndRelease() throws IOException;
  }
}
