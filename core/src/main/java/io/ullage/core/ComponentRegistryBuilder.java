package io.ullage.core;

import io.ullage.core.internal.AsymmetricFence;
import io.ullage.core.internal.Attribution;
import io.ullage.core.internal.CounterFile;
import io.ullage.core.internal.Membarrier;
import io.ullage.core.internal.ThreadMeter;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The options of a {@link ComponentRegistry}. For one thread. */
public final class ComponentRegistryBuilder {
  /**
   * Often enough to look live to a person and to a script that polls; a sweep over a hundred
   * components takes microseconds.
   */
  private static final Duration DEFAULT_PUBLICATION_PERIOD = Duration.ofMillis(20);

  /**
   * 640 bytes a counter, 10 counters a component: 3.3 MB, a twentieth of a container's usual 64 MB
   * of shared memory.
   */
  private static final int DEFAULT_CAPACITY_COMPONENTS = 512;

  private static final int MAX_CAPACITY_COMPONENTS = 100_000;

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private long limitBytes = Long.MAX_VALUE;
  private boolean counterFileWanted = true;
  private boolean cpuTimeAttributed;
  private boolean heapAllocationAttributed;
  private @Nullable ThreadMeter threadMeter;
  private boolean fenceWanted = true;
  private @Nullable Path counterFile;
  private @Nullable Path counterFileDirectory;
  private int capacityComponents = DEFAULT_CAPACITY_COMPONENTS;
  private Duration publicationPeriod = DEFAULT_PUBLICATION_PERIOD;

  ComponentRegistryBuilder() {}

  /**
   * Sets the limit of the root.
   *
   * @param bytes zero or more; {@link Long#MAX_VALUE}, the default, is no limit
   * @return this
   */
  public ComponentRegistryBuilder limitBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("limit " + bytes + ": must be zero or more");
    }
    limitBytes = bytes;
    return this;
  }

  /**
   * Sets the counter file.
   *
   * @param file a path at which there is nothing yet
   * @return this
   */
  public ComponentRegistryBuilder counterFile(Path file) {
    counterFileWanted = true;
    counterFile = file;
    return this;
  }

  /**
   * Sets the directory of the counter file, whose name is {@code ullage-<pid>-<n>.counters}. The
   * default is {@code /dev/shm}, or the directory for temporary files where there is none.
   *
   * @param directory an existing directory
   * @return this
   */
  public ComponentRegistryBuilder counterFileDirectory(Path directory) {
    counterFileWanted = true;
    counterFileDirectory = directory;
    return this;
  }

  /**
   * Sets how many components the counter file has room for; those that come later are missing from
   * it.
   *
   * @param components 1 to 100,000, 6,400 bytes each
   * @return this
   */
  public ComponentRegistryBuilder counterFileCapacity(int components) {
    if (components < 1 || components > MAX_CAPACITY_COMPONENTS) {
      throw new IllegalArgumentException(
          "counter file capacity "
              + components
              + ": must be 1 to "
              + MAX_CAPACITY_COMPONENTS
              + " components");
    }
    capacityComponents = components;
    return this;
  }

  /**
   * Sets how often the counter file is brought up to date.
   *
   * @param period 1 ms or more; 20 ms by default
   * @return this
   */
  public ComponentRegistryBuilder publicationPeriod(Duration period) {
    if (period.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("publication period " + period + ": must be 1 ms or more");
    }
    publicationPeriod = period;
    return this;
  }

  /**
   * Does without a counter file.
   *
   * @return this
   */
  public ComponentRegistryBuilder withoutCounterFile() {
    counterFileWanted = false;
    return this;
  }

  /**
   * Attributes the processor time of platform threads to the components whose scopes they are in:
   * {@link Component#work()}. Entering and leaving a scope then cost about a microsecond.
   *
   * @return this
   */
  public ComponentRegistryBuilder attributeCpuTime() {
    cpuTimeAttributed = true;
    return this;
  }

  /**
   * Attributes the Java heap that platform threads allocate to the components whose scopes they are
   * in: {@link Component#work()}.
   *
   * @return this
   */
  public ComponentRegistryBuilder attributeHeapAllocation() {
    heapAllocationAttributed = true;
    return this;
  }

  /**
   * Does without the asymmetric fence of the operating system, where it has one: threads then take
   * credit by compare-and-set, a few nanoseconds slower. For systems that forbid the call.
   *
   * @return this
   */
  public ComponentRegistryBuilder withoutFence() {
    fenceWanted = false;
    return this;
  }

  /**
   * Makes the registry. When the counter file cannot be had, there is none, and one warning to the
   * {@link System.Logger} {@code io.ullage.core} says why.
   *
   * @return a registry with a root and nothing else
   */
  public ComponentRegistry build() {
    return new ComponentRegistry(this, counterFileWanted ? createCounterFile() : null);
  }

  @Nullable Attribution attribution() {
    if (threadMeter != null) {
      return new Attribution(threadMeter);
    }
    return cpuTimeAttributed || heapAllocationAttributed
        ? new Attribution(ThreadMeter.ofJvm(cpuTimeAttributed, heapAllocationAttributed))
        : null;
  }

  /** Sets what measures threads, for tests. */
  ComponentRegistryBuilder threadMeter(ThreadMeter meter) {
    threadMeter = meter;
    return this;
  }

  @Nullable AsymmetricFence fence() {
    return fenceWanted ? Membarrier.register().orElse(null) : null;
  }

  long limitBytes() {
    return limitBytes;
  }

  Duration publicationPeriod() {
    return publicationPeriod;
  }

  private @Nullable CounterFile createCounterFile() {
    System.Logger logger = System.getLogger("io.ullage.core");
    if (!CounterFile.isSupported()) {
      Module agrona = UnsafeBuffer.class.getModule();
      logger.log(
          Level.WARNING,
          "no counter file: other processes cannot read the counters of this one without the JVM"
              + " option --add-opens java.base/jdk.internal.misc="
              + (agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED"));
      return null;
    }
    if (counterFile != null) {
      return CounterFile.create(counterFile, capacityComponents, logger);
    }
    Path directory = counterFileDirectory;
    if (directory == null) {
      directory =
          Files.isDirectory(SHARED_MEMORY)
              ? SHARED_MEMORY
              : Path.of(System.getProperty("java.io.tmpdir"));
    }
    return CounterFile.createIn(directory, capacityComponents, logger);
  }
}
