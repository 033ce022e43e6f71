package io.ullage.alloc.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Private anonymous mappings of Linux.
 *
 * <p>Against the JDK's arenas: pages become resident at their first use and not all at once, they
 * are known to be zero, and giving them back stops no other thread (closing a shared arena does,
 * for 30–100 µs). Needs native access.
 */
// Downcalls are restricted since a wrong signature would crash: these are those of the C library.
@SuppressWarnings("restricted")
public final class PosixMemorySource implements MemorySource {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final long MAP_FAILED = -1;

  private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle mmap;
  private final MethodHandle munmap;
  private final @Nullable HugePageAdvice advice;
  private final long pageBytes;

  /**
   * Binds the system calls.
   *
   * @param hugePages whether the system is advised to back large mappings by huge pages
   */
  public PosixMemorySource(boolean hugePages) {
    advice = hugePages ? new HugePageAdvice() : null;
    Linker linker = Linker.nativeLinker();
    Linker.Option errno = Linker.Option.captureCallState("errno");
    mmap =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("mmap"),
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            errno);
    munmap =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("munmap"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG),
            errno);
    MethodHandle getpagesize =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("getpagesize"), FunctionDescriptor.of(JAVA_INT));
    try {
      pageBytes = (int) getpagesize.invokeExact();
    } catch (Throwable impossible) {
      throw new LinkageError("getpagesize", impossible);
    }
  }

  /** Whether this system has what this class uses. */
  public static boolean isSupported() {
    return System.getProperty("os.name").equals("Linux") && ADDRESS.byteSize() == Long.BYTES;
  }

  @Override
  public long pageBytes() {
    return pageBytes;
  }

  @Override
  public boolean isNative() {
    return true;
  }

  @Override
  public long map(long byteSize, long byteAlignment) {
    if (advice == null || byteSize < HugePageAdvice.PAGE_BYTES) {
      return mapAligned(byteSize, byteAlignment);
    }
    long address = mapAligned(byteSize, Math.max(byteAlignment, HugePageAdvice.PAGE_BYTES));
    advice.give(address, byteSize);
    return address;
  }

  private long mapAligned(long byteSize, long byteAlignment) {
    if (byteAlignment <= pageBytes) {
      return mmap(byteSize);
    }
    long reserved = Math.addExact(byteSize, byteAlignment);
    long start = mmap(reserved);
    long aligned = (start + byteAlignment - 1) & -byteAlignment;
    if (aligned > start) {
      unmap(start, aligned - start);
    }
    long end = aligned + byteSize;
    if (start + reserved > end) {
      unmap(end, start + reserved - end);
    }
    return aligned;
  }

  @Override
  public void unmap(long address, long byteSize) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURED);
      if ((int) munmap.invokeExact(state, address, byteSize) != 0) {
        throw new IllegalStateException(
            "munmap of " + byteSize + " bytes failed, errno " + (int) ERRNO.get(state, 0L));
      }
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new LinkageError("munmap", impossible);
    }
  }

  private long mmap(long byteSize) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURED);
      long address =
          (long)
              mmap.invokeExact(state, 0L, byteSize, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      if (address == MAP_FAILED) {
        throw new OutOfMemoryError(
            "The system refused to map "
                + byteSize
                + " bytes, errno "
                + (int) ERRNO.get(state, 0L));
      }
      return address;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new LinkageError("mmap", impossible);
    }
  }
}
