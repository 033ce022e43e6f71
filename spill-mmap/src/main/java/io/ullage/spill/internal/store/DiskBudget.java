package io.ullage.spill.internal.store;

import io.ullage.spill.StoreFullException;
import java.io.IOException;

/**
 * How much disk one store may take: a maximum, and a floor of free space that it leaves to others.
 *
 * <p>Bytes are reserved before a file is made and given back after it is gone. Thread-safe.
 */
public final class DiskBudget {
  /** Asks a file system for its usable bytes. */
  @FunctionalInterface
  interface UsableSpace {
    long usableBytes() throws IOException;
  }

  private final long maximumBytes;
  private final long floorBytes;
  private long reservedBytes;

  /** Makes a budget of which nothing is used. */
  public DiskBudget(long maximumBytes, long floorBytes) {
    this.maximumBytes = maximumBytes;
    this.floorBytes = floorBytes;
  }

  /**
   * Reserves bytes for a new file.
   *
   * @param wantedBytes what would be best
   * @param leastBytes what must be
   * @return what was reserved: {@code wantedBytes} halved until it fits, never below {@code
   *     leastBytes}
   * @throws StoreFullException naming the bound that leaves less than {@code leastBytes}
   */
  synchronized long reserve(long wantedBytes, long leastBytes, UsableSpace space)
      throws IOException {
    long underMaximum = maximumBytes - reservedBytes;
    if (underMaximum < leastBytes) {
      throw new StoreFullException(
          "disk budget: "
              + leastBytes
              + " bytes needed, "
              + reservedBytes
              + " of "
              + maximumBytes
              + " in use");
    }
    long aboveFloor = space.usableBytes() - floorBytes;
    if (aboveFloor < leastBytes) {
      throw new StoreFullException(
          "free space: "
              + leastBytes
              + " bytes needed, "
              + Math.max(0, aboveFloor)
              + " usable above the floor of "
              + floorBytes);
    }
    long fitting = wantedBytes;
    while (fitting > leastBytes && (fitting > underMaximum || fitting > aboveFloor)) {
      fitting = Math.max(leastBytes, (fitting / 2) & -SegmentFile.PAGE_BYTES);
    }
    reservedBytes += fitting;
    return fitting;
  }

  synchronized void release(long bytes) {
    reservedBytes -= bytes;
  }

  synchronized long reservedBytes() {
    return reservedBytes;
  }
}
