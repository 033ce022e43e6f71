package io.ullage.alloc.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Advises Linux to back a mapping by huge pages ({@code madvise} with {@code MADV_HUGEPAGE}).
 *
 * <p>Fewer misses of the translation buffer for whoever walks through large buffers; against that
 * the first touch of a page makes 2 MiB resident at once. It is advice: where the system does not
 * take it, that is logged once, and nothing else changes.
 */
final class HugePageAdvice {
  /** What a huge page measures on x86-64, and on aarch64 with pages of 4 KiB. */
  static final long PAGE_BYTES = 2 << 20;

  private static final System.Logger LOGGER = System.getLogger("io.ullage.alloc");
  private static final int MADV_HUGEPAGE = 14;

  private final MethodHandle madvise;
  private final AtomicBoolean refused = new AtomicBoolean();

  // A wrong signature would crash: this is that of the C library.
  @SuppressWarnings("restricted")
  HugePageAdvice() {
    Linker linker = Linker.nativeLinker();
    madvise =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("madvise"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  }

  void give(long address, long byteSize) {
    if (call(address, byteSize) != 0 && refused.compareAndSet(false, true)) {
      LOGGER.log(
          System.Logger.Level.WARNING, "The system does not take the advice to use huge pages");
    }
  }

  private int call(long address, long byteSize) {
    try {
      return (int) madvise.invokeExact(address, byteSize, MADV_HUGEPAGE);
    } catch (Throwable impossible) {
      throw new LinkageError("madvise", impossible);
    }
  }
}
