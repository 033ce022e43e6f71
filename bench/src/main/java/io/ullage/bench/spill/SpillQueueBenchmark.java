package io.ullage.bench.spill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Pushes a number of entries, then drains them: time per entry, both together.
 *
 * <p>{@code memory} says where the middle goes: {@code resident} lets all stay in memory, {@code
 * tmpfs} and {@code disk} let half of it spill. {@code linked-blocking-queue} never spills and is
 * the bound of what can be had; {@code file-channel} writes a plain file per batch; {@code
 * chronicle-queue} keeps every entry in mapped files, whatever {@code memory} says of the middle.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SpillQueueBenchmark {
  private static final int ENTRIES = 256;
  private static final Path TMPFS = Path.of("/dev/shm");

  /** Who. */
  @Param({"ullage", "chronicle-queue", "linked-blocking-queue", "file-channel"})
  public String impl = "ullage";

  /** Bytes of an entry. */
  @Param({"4096", "64", "262144"})
  public int size = 4096;

  /** Where the middle of the queue is. */
  @Param({"disk", "resident", "tmpfs"})
  public String memory = "disk";

  private Path directory = Path.of("");
  private ByteQueue queue = new HeapByteQueue(1);

  /** Opens the queue. */
  @Setup
  public void open() throws IOException {
    directory =
        memory.equals("tmpfs") && Files.isDirectory(TMPFS)
            ? Files.createTempDirectory(TMPFS, "ullage-bench")
            : Files.createTempDirectory("ullage-bench");
    long resident = memory.equals("resident") ? 1L << 40 : (long) ENTRIES * size / 2;
    queue =
        switch (impl) {
          case "ullage" -> new UllageByteQueue(directory, size, resident);
          case "chronicle-queue" -> new ChronicleByteQueue(directory, size);
          case "linked-blocking-queue" -> new HeapByteQueue(size);
          case "file-channel" -> new FileByteQueue(directory, size, resident);
          default -> throw new IllegalArgumentException("impl: " + impl);
        };
  }

  /** Closes it. */
  @TearDown
  public void close() throws IOException {
    queue.close();
    Files.delete(directory);
  }

  /** Pushes all, then drains all. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public int pushAndDrain() throws IOException, InterruptedException {
    for (int i = 0; i < ENTRIES; i++) {
      queue.push((byte) i);
    }
    int sum = 0;
    for (int i = 0; i < ENTRIES; i++) {
      byte last = queue.pop();
      if (last != (byte) i) {
        throw new IllegalStateException("entry " + i + " came back as " + last);
      }
      sum += last;
    }
    return sum;
  }
}
