package io.ullage.core.internal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * The asymmetric fence of Linux: the system call {@code membarrier(2)}, in its private expedited
 * form.
 */
public final class Membarrier implements AsymmetricFence {
  // The commands of linux/membarrier.h.
  private static final int QUERY = 0;
  private static final int PRIVATE_EXPEDITED = 1 << 3;
  private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;

  private final MethodHandle syscall;
  private final long number;

  private Membarrier(MethodHandle syscall, long number) {
    this.syscall = syscall;
    this.number = number;
  }

  /** Registers this process; empty where the system or the JVM's options do not allow it. */
  // Linking is restricted: whether this module may is asked first, so there is never a warning at
  // run time.
  @SuppressWarnings("restricted")
  public static Optional<AsymmetricFence> register() {
    long number = systemCallNumber();
    if (number < 0 || !Membarrier.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("syscall");
    if (function.isEmpty()) {
      return Optional.empty();
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT);
    MethodHandle syscall =
        linker.downcallHandle(function.get(), signature, Linker.Option.firstVariadicArg(1));
    Membarrier membarrier = new Membarrier(syscall, number);
    long supported = membarrier.call(QUERY);
    boolean registered =
        supported > 0
            && (supported & PRIVATE_EXPEDITED) != 0
            && membarrier.call(REGISTER_PRIVATE_EXPEDITED) == 0
            && membarrier.call(PRIVATE_EXPEDITED) == 0;
    return registered ? Optional.of(membarrier) : Optional.empty();
  }

  @Override
  public void full() {
    if (call(PRIVATE_EXPEDITED) != 0) {
      // It worked when this process registered, and the kernel does not take that back.
      throw new IllegalStateException("membarrier failed");
    }
  }

  private long call(int command) {
    try {
      return (long) syscall.invokeExact(number, command, 0, 0);
    } catch (Throwable e) {
      throw new IllegalStateException("membarrier could not be called", e);
    }
  }

  /** The number of the system call; -1 where it is not known. */
  private static long systemCallNumber() {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux")) {
      return -1;
    }
    return switch (System.getProperty("os.arch", "")) {
      case "amd64" -> 324;
      case "aarch64" -> 283;
      default -> -1;
    };
  }
}
