package io.ullage.bench.peer;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's {@code malloc} and {@code free} through critical downcalls, without scope or
 * accounting.
 */
public final class MallocAllocator implements PeerAllocator<MemorySegment> {
  private static final MethodHandle MALLOC =
      downcall("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      downcall("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  @Override
  @SuppressWarnings(
      "restricted") // The C library returns a bare address: its size is what we asked for.
  public MemorySegment acquire(long byteSize) {
    try {
      MemorySegment address = (MemorySegment) MALLOC.invokeExact(byteSize);
      if (address.address() == 0) {
        throw new OutOfMemoryError("malloc(" + byteSize + ")");
      }
      return address.reinterpret(byteSize);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void set(MemorySegment buffer, long offset, long value) {
    buffer.set(ValueLayout.JAVA_LONG, offset, value);
  }

  @Override
  public void zero(MemorySegment buffer, long byteSize) {
    buffer.fill((byte) 0);
  }

  @Override
  public void release(MemorySegment buffer) {
    try {
      FREE.invokeExact(buffer);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public boolean allowsForeignRelease() {
    return true;
  }

  @Override
  public void close() {}

  @SuppressWarnings("restricted") // Calling the C library is the point of this peer.
  private static MethodHandle downcall(String function, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(function), descriptor, Linker.Option.critical(false));
  }
}
