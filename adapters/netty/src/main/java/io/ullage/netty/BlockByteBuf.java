package io.ullage.netty;

import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A direct buffer over pooled memory.
 *
 * <p>Whatever moves bytes names its indices and leaves position and limit of {@link
 * BlockMemory#buffer} alone, so that several threads may read one buffer. Reference counting and
 * the checks of indices and counts are Netty's; behind them the JDK checks each access against the
 * memory's bounds, also where Netty's checks were switched off.
 */
final class BlockByteBuf extends AbstractReferenceCountedByteBuf {
  private final UllageByteBufAllocator allocator;
  private final ComponentToken token;
  private BlockMemory memory;
  private ByteBuffer buffer;
  private @Nullable ByteBuffer internalBuffer;

  BlockByteBuf(
      UllageByteBufAllocator allocator,
      ComponentToken token,
      int initialCapacity,
      int maxCapacity) {
    super(maxCapacity);
    this.allocator = allocator;
    this.token = token;
    memory = allocator.take(token, initialCapacity);
    buffer = memory.buffer();
  }

  @Override
  public int capacity() {
    return buffer.capacity();
  }

  @Override
  public ByteBuf capacity(int newCapacity) {
    checkNewCapacity(newCapacity);
    int oldCapacity = capacity();
    if (newCapacity == oldCapacity) {
      return this;
    }
    BlockMemory old = memory;
    if (newCapacity > oldCapacity) {
      use(copied(newCapacity, oldCapacity));
      allocator.give(old);
      return this;
    }
    trimIndicesToCapacity(newCapacity);
    try {
      use(copied(newCapacity, newCapacity));
    } catch (MemoryLimitException noRoomForBoth) {
      // Asking for less must not fail: the larger block is kept, and charged, for fewer bytes.
      use(old.narrowed(newCapacity));
      return this;
    }
    allocator.give(old);
    return this;
  }

  private BlockMemory copied(int newCapacity, int byteCount) {
    BlockMemory taken = allocator.take(token, newCapacity);
    taken.buffer().put(0, buffer, 0, byteCount);
    return taken;
  }

  private void use(BlockMemory newMemory) {
    memory = newMemory;
    buffer = newMemory.buffer();
    internalBuffer = null;
  }

  @Override
  protected void deallocate() {
    BlockMemory freed = memory;
    // Where Netty's checks are off, a use after release is then out of bounds.
    use(BlockMemory.NONE);
    allocator.give(freed);
  }

  @Override
  public ByteBufAllocator alloc() {
    return allocator;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty wants it implemented, though not called.
  public ByteOrder order() {
    return ByteOrder.BIG_ENDIAN;
  }

  @Override
  public @Nullable ByteBuf unwrap() {
    return null;
  }

  @Override
  public boolean isDirect() {
    return true;
  }

  @Override
  public boolean isContiguous() {
    return true;
  }

  @Override
  public boolean hasArray() {
    return false;
  }

  @Override
  public byte[] array() {
    throw new UnsupportedOperationException("direct buffer");
  }

  @Override
  public int arrayOffset() {
    throw new UnsupportedOperationException("direct buffer");
  }

  @Override
  public boolean hasMemoryAddress() {
    return true;
  }

  @Override
  public long memoryAddress() {
    ensureAccessible();
    return memory.address();
  }

  @Override
  protected byte _getByte(int index) {
    return buffer.get(index);
  }

  @Override
  protected short _getShort(int index) {
    return buffer.getShort(index);
  }

  @Override
  protected short _getShortLE(int index) {
    return Short.reverseBytes(buffer.getShort(index));
  }

  @Override
  protected int _getUnsignedMedium(int index) {
    return (buffer.getShort(index) & 0xFFFF) << 8 | (buffer.get(index + 2) & 0xFF);
  }

  @Override
  protected int _getUnsignedMediumLE(int index) {
    return (Short.reverseBytes(buffer.getShort(index)) & 0xFFFF)
        | (buffer.get(index + 2) & 0xFF) << 16;
  }

  @Override
  protected int _getInt(int index) {
    return buffer.getInt(index);
  }

  @Override
  protected int _getIntLE(int index) {
    return Integer.reverseBytes(buffer.getInt(index));
  }

  @Override
  protected long _getLong(int index) {
    return buffer.getLong(index);
  }

  @Override
  protected long _getLongLE(int index) {
    return Long.reverseBytes(buffer.getLong(index));
  }

  @Override
  protected void _setByte(int index, int value) {
    buffer.put(index, (byte) value);
  }

  @Override
  protected void _setShort(int index, int value) {
    buffer.putShort(index, (short) value);
  }

  @Override
  protected void _setShortLE(int index, int value) {
    buffer.putShort(index, Short.reverseBytes((short) value));
  }

  @Override
  protected void _setMedium(int index, int value) {
    buffer.putShort(index, (short) (value >>> 8));
    buffer.put(index + 2, (byte) value);
  }

  @Override
  protected void _setMediumLE(int index, int value) {
    buffer.putShort(index, Short.reverseBytes((short) value));
    buffer.put(index + 2, (byte) (value >>> 16));
  }

  @Override
  protected void _setInt(int index, int value) {
    buffer.putInt(index, value);
  }

  @Override
  protected void _setIntLE(int index, int value) {
    buffer.putInt(index, Integer.reverseBytes(value));
  }

  @Override
  protected void _setLong(int index, long value) {
    buffer.putLong(index, value);
  }

  @Override
  protected void _setLongLE(int index, long value) {
    buffer.putLong(index, Long.reverseBytes(value));
  }

  @Override
  public ByteBuf getBytes(int index, ByteBuf target, int targetIndex, int length) {
    checkDstIndex(index, length, targetIndex, target.capacity());
    if (target.hasArray()) {
      buffer.get(index, target.array(), target.arrayOffset() + targetIndex, length);
    } else {
      target.setBytes(targetIndex, buffer.slice(index, length));
    }
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, byte[] target, int targetIndex, int length) {
    checkDstIndex(index, length, targetIndex, target.length);
    buffer.get(index, target, targetIndex, length);
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, ByteBuffer target) {
    int length = target.remaining();
    checkIndex(index, length);
    target.put(buffer.slice(index, length));
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, OutputStream target, int length) throws IOException {
    checkIndex(index, length);
    byte[] bytes = new byte[length];
    buffer.get(index, bytes);
    target.write(bytes);
    return this;
  }

  @Override
  public int getBytes(int index, GatheringByteChannel target, int length) throws IOException {
    checkIndex(index, length);
    return target.write(buffer.slice(index, length));
  }

  @Override
  public int getBytes(int index, FileChannel target, long position, int length) throws IOException {
    checkIndex(index, length);
    return target.write(buffer.slice(index, length), position);
  }

  @Override
  public ByteBuf setBytes(int index, ByteBuf source, int sourceIndex, int length) {
    checkSrcIndex(index, length, sourceIndex, source.capacity());
    if (source.hasArray()) {
      buffer.put(index, source.array(), source.arrayOffset() + sourceIndex, length);
    } else {
      source.getBytes(sourceIndex, buffer.slice(index, length));
    }
    return this;
  }

  @Override
  public ByteBuf setBytes(int index, byte[] source, int sourceIndex, int length) {
    checkSrcIndex(index, length, sourceIndex, source.length);
    buffer.put(index, source, sourceIndex, length);
    return this;
  }

  @Override
  public ByteBuf setBytes(int index, ByteBuffer source) {
    int length = source.remaining();
    checkIndex(index, length);
    buffer.slice(index, length).put(source);
    return this;
  }

  @Override
  public int setBytes(int index, InputStream source, int length) throws IOException {
    checkIndex(index, length);
    byte[] bytes = new byte[length];
    int count = source.read(bytes, 0, length);
    if (count > 0) {
      buffer.put(index, bytes, 0, count);
    }
    return count;
  }

  @Override
  public int setBytes(int index, ScatteringByteChannel source, int length) throws IOException {
    checkIndex(index, length);
    try {
      return source.read(buffer.slice(index, length));
    } catch (ClosedChannelException _) {
      // Netty's contract: the end of the stream.
      return -1;
    }
  }

  @Override
  public int setBytes(int index, FileChannel source, long position, int length) throws IOException {
    checkIndex(index, length);
    try {
      return source.read(buffer.slice(index, length), position);
    } catch (ClosedChannelException _) {
      // Netty's contract: the end of the stream.
      return -1;
    }
  }

  @Override
  public ByteBuf copy(int index, int length) {
    checkIndex(index, length);
    return allocator.directBuffer(length, maxCapacity()).writeBytes(this, index, length);
  }

  @Override
  public int nioBufferCount() {
    return 1;
  }

  @Override
  public ByteBuffer nioBuffer(int index, int length) {
    checkIndex(index, length);
    return buffer.slice(index, length);
  }

  @Override
  public ByteBuffer[] nioBuffers(int index, int length) {
    return new ByteBuffer[] {nioBuffer(index, length)};
  }

  @Override
  public ByteBuffer internalNioBuffer(int index, int length) {
    checkIndex(index, length);
    ByteBuffer shared = internalBuffer;
    if (shared == null) {
      shared = buffer.duplicate();
      internalBuffer = shared;
    }
    return shared.limit(index + length).position(index);
  }
}
