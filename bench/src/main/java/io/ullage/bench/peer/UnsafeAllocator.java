package io.ullage.bench.peer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/**
 * {@code sun.misc.Unsafe}: raw addresses, no scope, no check, no accounting.
 *
 * <p>Called through constant method handles, which the compiler inlines, because javac warns of
 * every direct use. The boxed address stands for the small object that a program would keep.
 */
public final class UnsafeAllocator implements PeerAllocator<Long> {
  private static final MethodHandle ALLOCATE =
      method("allocateMemory", MethodType.methodType(long.class, long.class));
  private static final MethodHandle FREE =
      method("freeMemory", MethodType.methodType(void.class, long.class));
  private static final MethodHandle PUT =
      method("putLong", MethodType.methodType(void.class, long.class, long.class));
  private static final MethodHandle SET =
      method("setMemory", MethodType.methodType(void.class, long.class, long.class, byte.class));

  @Override
  public Long acquire(long byteSize) {
    try {
      return (long) ALLOCATE.invokeExact(byteSize);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void set(Long buffer, long offset, long value) {
    try {
      PUT.invokeExact(buffer.longValue() + offset, value);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void zero(Long buffer, long byteSize) {
    try {
      SET.invokeExact(buffer.longValue(), byteSize, (byte) 0);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void release(Long buffer) {
    try {
      FREE.invokeExact(buffer.longValue());
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

  private static MethodHandle method(String name, MethodType type) {
    try {
      Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
      Field field = unsafeClass.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.lookup().findVirtual(unsafeClass, name, type).bindTo(field.get(null));
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }
}
