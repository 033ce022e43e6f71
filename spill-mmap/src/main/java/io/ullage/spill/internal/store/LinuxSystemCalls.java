package io.ullage.spill.internal.store;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Locale;

/** The system calls of Linux through downcalls, about 150 ns each. Thread-safe. */
public final class LinuxSystemCalls implements SystemCalls {
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_POPULATE_READ = 22;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x8_0000;
  // The two architectures disagree on this one flag.
  private static final int O_NOFOLLOW_X86 = 0x2_0000;
  private static final int O_NOFOLLOW_ARM = 0x8000;
  private static final int EINTR = 4;
  private static final int ENOMEM = 12;

  private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle open;
  private final MethodHandle close;
  private final MethodHandle fallocate;
  private final MethodHandle madvise;
  private final MethodHandle mlock;
  private final MethodHandle munlock;
  private final int openFlags;

  private LinuxSystemCalls(int noFollow) {
    Linker linker = Linker.nativeLinker();
    Linker.Option errno = Linker.Option.captureCallState("errno");
    this.open =
        find(
            linker,
            "open",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT),
            errno,
            Linker.Option.firstVariadicArg(2));
    this.close =
        find(
            linker,
            "close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            errno);
    this.fallocate =
        find(
            linker,
            "fallocate",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            errno);
    this.madvise =
        find(
            linker,
            "madvise",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT),
            errno);
    FunctionDescriptor range =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    this.mlock = find(linker, "mlock", range, errno);
    this.munlock = find(linker, "munlock", range, errno);
    this.openFlags = O_RDWR | O_CLOEXEC | noFollow;
  }

  /**
   * Returns the calls of this system: {@link SystemCalls#NONE} off Linux, on other processors, or
   * without native access.
   */
  public static SystemCalls ofThisSystem() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "");
    if (!system.equals("linux") || !LinuxSystemCalls.class.getModule().isNativeAccessEnabled()) {
      return NONE;
    }
    try {
      return switch (processor) {
        case "amd64", "x86_64" -> new LinuxSystemCalls(O_NOFOLLOW_X86);
        case "aarch64" -> new LinuxSystemCalls(O_NOFOLLOW_ARM);
        default -> NONE;
      };
    } catch (UnsupportedOperationException noSuchSymbolOrLinker) {
      return NONE;
    }
  }

  // Restricted: checked by the caller through isNativeAccessEnabled.
  @SuppressWarnings("restricted")
  private static MethodHandle find(
      Linker linker, String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment address =
        linker
            .defaultLookup()
            .find(name)
            .or(() -> SymbolLookup.loaderLookup().find(name))
            .orElseThrow(() -> new UnsupportedOperationException(name));
    return linker.downcallHandle(address, type, options);
  }

  @Override
  public int allocate(Path file, long byteSize) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURE);
      MemorySegment path = arena.allocateFrom(file.toString());
      int descriptor = (int) open.invokeExact(state, path, openFlags, 0);
      if (descriptor < 0) {
        return errno(state);
      }
      try {
        int result;
        do {
          result = (int) fallocate.invokeExact(state, descriptor, 0, 0L, byteSize);
        } while (result < 0 && errno(state) == EINTR);
        return result < 0 ? errno(state) : 0;
      } finally {
        int ignored = (int) close.invokeExact(state, descriptor);
      }
    } catch (Throwable impossible) {
      throw new LinkageError("fallocate", impossible);
    }
  }

  @Override
  public int populateRead(MemorySegment mapped) {
    return advise(mapped, MADV_POPULATE_READ);
  }

  @Override
  public int dropPages(MemorySegment mapped) {
    return advise(mapped, MADV_DONTNEED);
  }

  @Override
  public boolean isNative() {
    return true;
  }

  @Override
  public int lockPages(MemorySegment memory) {
    return overRange(mlock, "mlock", memory);
  }

  @Override
  public int unlockPages(MemorySegment memory) {
    return overRange(munlock, "munlock", memory);
  }

  private static int overRange(MethodHandle call, String name, MemorySegment memory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURE);
      int result = (int) call.invokeExact(state, memory, memory.byteSize());
      return result < 0 ? errno(state) : 0;
    } catch (Throwable impossible) {
      throw new LinkageError(name, impossible);
    }
  }

  private int advise(MemorySegment mapped, int advice) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURE);
      int result = (int) madvise.invokeExact(state, mapped, mapped.byteSize(), advice);
      return result < 0 ? errno(state) : 0;
    } catch (IllegalStateException unmapped) {
      // As the kernel says of a range without a mapping.
      return ENOMEM;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new LinkageError("madvise", impossible);
    }
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }
}
