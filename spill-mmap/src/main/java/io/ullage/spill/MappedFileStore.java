package io.ullage.spill;

import io.ullage.core.ComponentToken;
import io.ullage.spill.internal.store.DiskBudget;
import io.ullage.spill.internal.store.LinuxSystemCalls;
import io.ullage.spill.internal.store.MappedFiles;
import io.ullage.spill.internal.store.MemoryCharge;
import io.ullage.spill.internal.store.SystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store of segment files: written by positional channel writes, read through a mapping.
 *
 * <p>The files have no name once they are made, so nothing survives the process, however it ends.
 * They are fully allocated before use, so a full disk shows when a file is made and never as a page
 * that is missing later. Every entry has a checksum over its header and its bytes, verified over a
 * private copy. An empty file is used again. Thread-safe. Works without native access, but then
 * allocates by writing zeros and faults pages in one by one.
 */
public final class MappedFileStore implements SpillStore {
  /** 64 MiB: allocation, mapping and release cost milliseconds each, once for so many bytes. */
  public static final long DEFAULT_SEGMENT_BYTES = 64L << 20;

  /**
   * Eight segments: a queue that spills half a GiB at a time makes no new file after the first
   * time, and that is little beside any disk.
   */
  public static final long DEFAULT_RECYCLED_BYTES = 8 * DEFAULT_SEGMENT_BYTES;

  private final MappedFiles files;

  private MappedFileStore(MappedFiles files) {
    this.files = files;
  }

  /**
   * Begins a store.
   *
   * @param directory where files are made; made with mode 0700 if it does not exist, refused if it
   *     is a symbolic link
   * @return the builder
   */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  @Override
  public SpillSession open(long queueId) {
    return files.open(queueId);
  }

  @Override
  public StoreUsage usage() {
    return files.usage();
  }

  /** {@return how the directories do, in the order in which they were named} */
  public List<DirectoryStatus> directories() {
    return files.directories();
  }

  /**
   * Closes what is not in use; sessions that are still open give their files back when they close.
   * Idempotent.
   */
  @Override
  public void close() {
    files.close();
  }

  /** Collects the settings of a store. Not thread-safe. */
  public static final class Builder {
    private final List<Path> directories = new ArrayList<>();
    private long segmentBytes = DEFAULT_SEGMENT_BYTES;
    private long recycledBytes = DEFAULT_RECYCLED_BYTES;
    private long maximumDiskBytes = Long.MAX_VALUE;
    private long freeSpaceFloorBytes;
    private @Nullable ComponentToken charged;

    private Builder(Path directory) {
      directories.add(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * Adds another directory, used when those before it fail or are full. One that failed is left
     * alone for 100 ms to 10 s, longer each time; {@link MappedFileStore#directories()} shows
     * which.
     *
     * @param directory where files are made
     * @return this builder
     */
    public Builder directory(Path directory) {
      directories.add(Objects.requireNonNull(directory, "directory"));
      return this;
    }

    /**
     * Sets the size of a segment file. Where so much room is not left, smaller ones are made; a
     * larger entry gets a file of its own.
     *
     * @param bytes a multiple of 64 KiB, 64 KiB to 1 GiB
     * @return this builder
     */
    public Builder segmentBytes(long bytes) {
      if (bytes < 64 << 10 || bytes > 1 << 30 || bytes % (64 << 10) != 0) {
        throw new IllegalArgumentException(
            "segmentBytes: " + bytes + ", allowed are multiples of 65536 from 65536 to 1073741824");
      }
      this.segmentBytes = bytes;
      return this;
    }

    /**
     * Sets how many bytes of empty files are kept for their next use.
     *
     * @param bytes 0 or more
     * @return this builder
     */
    public Builder recycledBytes(long bytes) {
      this.recycledBytes = notNegative("recycledBytes", bytes);
      return this;
    }

    /**
     * Sets how many bytes of disk the store may take; the default is no bound.
     *
     * @param bytes 0 or more
     * @return this builder
     */
    public Builder maximumDiskBytes(long bytes) {
      this.maximumDiskBytes = notNegative("maximumDiskBytes", bytes);
      return this;
    }

    /**
     * Sets how many bytes of the file system are left to others; the default is 0.
     *
     * @param bytes 0 or more
     * @return this builder
     */
    public Builder freeSpaceFloorBytes(long bytes) {
      this.freeSpaceFloorBytes = notNegative("freeSpaceFloorBytes", bytes);
      return this;
    }

    /**
     * Sets whose memory files count as that lie in a file system in memory (tmpfs). Without it they
     * are counted in {@link StoreUsage#memoryBytes()} and charged to nobody. A warning says at
     * opening that a directory is such.
     *
     * @param token who is charged; at its limit such a directory is full
     * @return this builder
     */
    public Builder chargeMemoryTo(ComponentToken token) {
      this.charged = Objects.requireNonNull(token, "token");
      return this;
    }

    /**
     * Opens the store, after sweeping away what processes that were killed left in its directories.
     *
     * @return an open store
     * @throws IOException when a directory cannot be made or used
     */
    public MappedFileStore build() throws IOException {
      return build(LinuxSystemCalls.ofThisSystem());
    }

    /** Opens the store over other system calls, for tests. */
    MappedFileStore build(SystemCalls calls) throws IOException {
      return new MappedFileStore(
          MappedFiles.open(
              directories,
              segmentBytes,
              recycledBytes,
              new DiskBudget(maximumDiskBytes, freeSpaceFloorBytes),
              charged == null ? MemoryCharge.ofNobody() : MemoryCharge.of(charged),
              calls));
    }

    private static long notNegative(String name, long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException(name + ": " + bytes + ", allowed are 0 and above");
      }
      return bytes;
    }
  }
}
