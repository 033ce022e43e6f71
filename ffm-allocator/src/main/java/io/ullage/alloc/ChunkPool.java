package io.ullage.alloc;

import io.ullage.alloc.internal.ArenaMemorySource;
import io.ullage.alloc.internal.GuardedBytes;
import io.ullage.alloc.internal.LeakDetector;
import io.ullage.alloc.internal.MemorySource;
import io.ullage.alloc.internal.PosixMemorySource;
import io.ullage.alloc.internal.Sampling;
import io.ullage.alloc.internal.SlotAllocator;
import io.ullage.alloc.internal.UnmappedSource;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.Registration;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The memory from which segments and arenas are cut: chunks of 1 and 4 MiB that stay mapped while
 * they are needed.
 *
 * <p>Slots come in four sizes per power of two, from 16 bytes to 1 MiB; larger requests get a
 * mapping of their own. A component is charged for the slot that is really taken. Each platform
 * thread keeps a few free slots at hand; virtual threads share some. Empty memory is unmapped by
 * the pool's own thread, never by a caller's, when it has been idle or when {@link #trim} asks for
 * it.
 *
 * <p>Thread-safe. A pool belongs to one registry, whose tokens alone it accepts.
 */
public final class ChunkPool implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger("io.ullage.alloc");

  /** A walk costs 1–2 µs: at this rate about 10 ns a buffer, and a leak of thousands is found. */
  private static final int SAMPLE_EVERY = 128;

  private final ComponentRegistry registry;
  private final SlotAllocator slots;
  private final LeakDetection detection;
  private final Registration listening;
  private final Registration shown;

  ChunkPool(ComponentRegistry registry, MemorySource source, Builder options) {
    this.registry = registry;
    detection = options.detection;
    int sampleEvery =
        switch (detection) {
          case OFF -> 0;
          case SAMPLED -> options.sampleEvery;
          case EVERY_SITE, PARANOID -> 1;
        };
    Sampling sampling =
        new Sampling(sampleEvery, detection == LeakDetection.PARANOID, System::nanoTime);
    PoolStatus status = new PoolStatus(options.name, this::statistics);
    Consumer<LeakReport> noted = status::note;
    LeakDetector leaks = new LeakDetector(noted.andThen(options.leakListener));
    slots = new SlotAllocator(registry, source, leaks, sampling, options.trimAfter);
    listening = registry.root().addListener((requester, refusal) -> giveUpMemory());
    shown = registry.register(status);
  }

  /**
   * Opens a pool with default options.
   *
   * @param registry whose components will be charged
   * @return an open pool that has mapped nothing yet
   */
  public static ChunkPool open(ComponentRegistry registry) {
    return builder(registry).build();
  }

  /**
   * Begins a pool with options.
   *
   * @param registry whose components will be charged
   * @return a builder
   */
  public static Builder builder(ComponentRegistry registry) {
    return new Builder(registry);
  }

  /**
   * Whose components this pool charges.
   *
   * @return the registry
   */
  public ComponentRegistry registry() {
    return registry;
  }

  /**
   * What is used, cached and committed now. Costs microseconds for each thread that uses the pool.
   *
   * @return the figures
   */
  public PoolStatistics statistics() {
    long committedBytes = slots.committedBytes();
    long usedBytes = slots.usedBytes();
    return new PoolStatistics(usedBytes, committedBytes - usedBytes, committedBytes);
  }

  /**
   * Gives all memory back to the operating system that is not in use: the slots that threads keep
   * at hand, and every chunk that is then empty. The work is done on the pool's thread.
   *
   * @return completes with the bytes given back, after they were
   * @throws IllegalStateException if the pool is closed
   */
  public CompletableFuture<Long> trim() {
    return slots.trim();
  }

  /**
   * Closes the pool: nothing can be acquired or attached any more, its thread ends, and all memory
   * that is not in use is unmapped before this returns. Segments that are still open stay valid,
   * remain charged, and are unmapped chunk by chunk as the last of each is closed; how many bytes
   * that concerns is logged as a warning. Closing again does nothing.
   */
  @Override
  public void close() {
    shown.close();
    listening.close();
    slots.close();
    long usedBytes = slots.usedBytes();
    if (usedBytes > 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "Chunk pool closed while {0} bytes are in use; they go back when their segments are"
              + " closed",
          Long.toString(usedBytes));
    }
  }

  /** What is charged for nothing is given back before anyone is refused; the rest goes unasked. */
  private void giveUpMemory() {
    slots.reclaimLeaks();
    slots.trimSoon();
  }

  /** Bytes behind each buffer that are guarded. */
  int guardBytes() {
    return detection == LeakDetection.PARANOID ? GuardedBytes.GUARD_BYTES : 0;
  }

  boolean recordsEverySite() {
    return detection == LeakDetection.EVERY_SITE || detection == LeakDetection.PARANOID;
  }

  boolean recordsSites() {
    return detection != LeakDetection.OFF;
  }

  SlotAllocator slots() {
    return slots;
  }

  /** Refuses a token of another registry: its limits would not be those that bound this pool. */
  void requireOwn(ComponentToken token) {
    requireOwn(token, registry);
  }

  static void requireOwn(ComponentToken token, ComponentRegistry registry) {
    if (token.component().registry() != registry) {
      throw new IllegalArgumentException(
          "token " + token + ": belongs to another registry than this chunk pool");
    }
  }

  /** Options of a pool. Not thread-safe. */
  public static final class Builder {
    private final ComponentRegistry registry;
    private String name = "chunks";
    private Duration trimAfter = Duration.ofSeconds(5);
    private LeakDetection detection = LeakDetection.SAMPLED;
    private int sampleEvery = SAMPLE_EVERY;
    private boolean hugePages;
    private Consumer<LeakReport> leakListener = Builder::log;

    private Builder(ComponentRegistry registry) {
      this.registry = Objects.requireNonNull(registry, "registry");
    }

    /**
     * Sets under which name the registry shows the pool, among its {@link
     * ComponentRegistry#statusSources status sources} of the kind {@code pool}; {@code chunks} by
     * default.
     *
     * @param name for people
     * @return this builder
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets how long memory that has become empty is kept for the next use; 5 seconds by default.
     * What was not needed at the peak of that time, such as what a change of sizes has left behind,
     * goes back at once.
     *
     * @param duration more than zero
     * @return this builder
     */
    public Builder trimAfter(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("trimAfter " + duration + ": must be more than zero");
      }
      trimAfter = duration;
      return this;
    }

    /**
     * Sets how much is done to find leaks; {@link LeakDetection#SAMPLED} by default.
     *
     * @param mode how much
     * @return this builder
     */
    public Builder leakDetection(LeakDetection mode) {
      detection = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /**
     * Sets for which buffers {@link LeakDetection#SAMPLED} records the site: for one of so many;
     * 128 by default. A thread records one each 100 µs at most, so that it spends no more than
     * about a fiftieth of its time on that: of fewer, then, where it acquires more than 1.28
     * million buffers a second. What ended threads and dropped handles leave is reported all the
     * same, without a site.
     *
     * @param buffers one or more
     * @return this builder
     */
    public Builder sampleEvery(int buffers) {
      if (buffers < 1) {
        throw new IllegalArgumentException("sampleEvery " + buffers + ": must be one or more");
      }
      sampleEvery = buffers;
      return this;
    }

    /**
     * Advises the system to back mappings of 2 MiB and more by huge pages; off by default. That
     * spares whoever walks through large buffers misses of the translation buffer, and makes 2 MiB
     * resident at the first touch. Where the system cannot, that is logged and nothing changes.
     *
     * @param advised whether to advise it
     * @return this builder
     */
    public Builder hugePages(boolean advised) {
      hugePages = advised;
      return this;
    }

    /**
     * Sets who is told of leaks; by default they are logged as warnings. Each is a flight recorder
     * event as well.
     *
     * @param listener called on the pool's thread, or on one that was about to be refused memory;
     *     it must not block
     * @return this builder
     */
    public Builder leakListener(Consumer<LeakReport> listener) {
      leakListener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Opens the pool. Without native access every buffer and arena takes its memory from an arena
     * of the JDK: correct and charged, but slower; that is logged.
     *
     * @return an open pool that has mapped nothing yet
     */
    public ChunkPool build() {
      return new ChunkPool(registry, source(hugePages), this);
    }

    private static MemorySource source(boolean hugePages) {
      if (!ChunkPool.class.getModule().isNativeAccessEnabled()) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "No native access: every buffer has an arena of its own from the JDK, which is slower"
                + (hugePages ? ", and no advice to use huge pages is given. " : ". ")
                + "Enable it with --enable-native-access={0}",
            ChunkPool.class.getModule().isNamed()
                ? "io.ullage.core,io.ullage.alloc"
                : "ALL-UNNAMED");
        return new UnmappedSource();
      }
      if (PosixMemorySource.isSupported()) {
        return new PosixMemorySource(hugePages);
      }
      if (hugePages) {
        LOGGER.log(System.Logger.Level.WARNING, "No advice to use huge pages on this system");
      }
      return new ArenaMemorySource();
    }

    private static void log(LeakReport leak) {
      LOGGER.log(System.Logger.Level.WARNING, leak.toString());
    }
  }
}
