package io.ullage.alloc.internal;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Memory from the JDK's shared arenas, one for each mapping: works wherever JDK 25 does. */
public final class ArenaMemorySource implements MemorySource {
  private static final long PAGE_BYTES = 4096;

  private final Map<Long, Arena> arenas = new ConcurrentHashMap<>();

  @Override
  public long pageBytes() {
    return PAGE_BYTES;
  }

  @Override
  public boolean isNative() {
    return true;
  }

  @Override
  public long map(long byteSize, long byteAlignment) {
    Arena arena = Arena.ofShared();
    try {
      long address = arena.allocate(byteSize, Math.max(byteAlignment, PAGE_BYTES)).address();
      arenas.put(address, arena);
      return address;
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  @Override
  public void unmap(long address, long byteSize) {
    Objects.requireNonNull(arenas.remove(address), "not mapped here").close();
  }
}
