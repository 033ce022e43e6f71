package io.ullage.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.ullage.alloc.LeakDetection;
import io.ullage.core.MemoryLimitException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BufferLifeTest {
  private final TestAllocators test = new TestAllocators();
  private final UllageByteBufAllocator allocator = test.allocator("a");

  @AfterEach
  void accountingIsZero() {
    test.close();
  }

  @Test
  void isChargedFromAllocationToTheLastRelease() {
    ByteBuf buffer = allocator.directBuffer(1000, 4000);
    assertThat(buffer.isDirect()).isTrue();
    assertThat(buffer.alloc()).isSameAs(allocator);
    assertThat(buffer.capacity()).isEqualTo(1000);
    assertThat(buffer.maxCapacity()).isEqualTo(4000);
    assertThat(buffer.hasMemoryAddress()).isTrue();
    assertThat(test.reservedBytes("a")).isEqualTo(1024);
    assertThat(allocator.metric().usedDirectMemory()).isEqualTo(1024);

    buffer.retain();
    assertThat(buffer.release()).isFalse();
    assertThat(test.reservedBytes("a")).isEqualTo(1024);
    assertThat(buffer.release()).isTrue();
    assertThat(test.reservedBytes("a")).isZero();
  }

  @Test
  void refusesEveryUseAfterRelease() {
    ByteBuf buffer = allocator.directBuffer(64);
    buffer.writeLong(1);
    ByteBuf slice = buffer.slice(0, 8);
    buffer.release();
    assertThatThrownBy(() -> buffer.getByte(0)).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> buffer.setLong(0, 1))
        .isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> buffer.nioBuffer(0, 1))
        .isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> buffer.capacity(8)).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> buffer.getBytes(0, new byte[8]))
        .isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> slice.readLong()).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(buffer::release).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(buffer::retain).isInstanceOf(IllegalReferenceCountException.class);
  }

  @Test
  void sharesItsMemoryWithSlicesAndDuplicates() {
    ByteBuf buffer = allocator.directBuffer(64);
    buffer.writeInt(1).writeInt(2).writeInt(3);
    ByteBuf first = buffer.readRetainedSlice(4);
    ByteBuf duplicate = buffer.retainedDuplicate();
    assertThat(buffer.refCnt()).isEqualTo(3);
    duplicate.setInt(0, 7);
    assertThat(first.readInt()).isEqualTo(7);
    assertThat(duplicate.readInt()).isEqualTo(2);

    buffer.release();
    first.release();
    assertThat(test.reservedBytes("a")).isEqualTo(64);
    assertThat(duplicate.getInt(8)).isEqualTo(3);
    duplicate.release();
  }

  @Test
  void growsWithItsContentsAndItsCharge() {
    ByteBuf buffer = allocator.directBuffer(16, 1 << 20);
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    byte[] bytes = new byte[1 << 20];
    random.nextBytes(bytes);
    for (int at = 0; at < bytes.length; at += 4096) {
      buffer.writeBytes(bytes, at, 4096);
      assertThat(test.reservedBytes("a"))
          .isEqualTo(allocator.metric().usedDirectMemory())
          .isBetween((long) buffer.capacity(), 5L * buffer.capacity() / 4);
    }
    assertThatThrownBy(() -> buffer.writeByte(0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(contents(buffer)).isEqualTo(bytes);

    buffer.capacity(100);
    assertThat(buffer.writerIndex()).isEqualTo(100);
    assertThat(test.reservedBytes("a")).isEqualTo(112);
    assertThat(buffer.getByte(99)).isEqualTo(bytes[99]);
    buffer.release();
  }

  @Test
  void isAsItWasWhenALimitForbidsItToGrow() {
    test.registry.component("a").setLimitBytes(4096);
    ByteBuf buffer = allocator.directBuffer(2048);
    buffer.writeBytes(new byte[2040]).writeLong(42);
    assertThatThrownBy(() -> buffer.writeByte(1))
        .isInstanceOf(MemoryLimitException.class)
        .hasMessageContaining("a has no room");
    assertThat(buffer.capacity()).isEqualTo(2048);
    assertThat(buffer.writerIndex()).isEqualTo(2048);
    assertThat(buffer.getLong(2040)).isEqualTo(42);
    assertThat(buffer.refCnt()).isEqualTo(1);
    assertThat(test.reservedBytes("a")).isEqualTo(2048);
    buffer.release();
  }

  @Test
  void shrinksEvenWhereThereIsNoRoomForACopy() {
    test.registry.component("a").setLimitBytes(2048);
    ByteBuf buffer = allocator.directBuffer(2048);
    buffer.writeLong(42).writeBytes(new byte[1000]);
    buffer.capacity(100);
    assertThat(buffer.capacity()).isEqualTo(100);
    assertThat(buffer.getLong(0)).isEqualTo(42);
    assertThatThrownBy(() -> buffer.getByte(100)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(test.reservedBytes("a")).isEqualTo(2048);
    buffer.release();
  }

  @Test
  void refusesWhatDoesNotFitAndLeavesNothingBehind() {
    test.registry.component("a").setLimitBytes(1 << 20);
    assertThatThrownBy(() -> allocator.directBuffer(2 << 20))
        .isInstanceOf(MemoryLimitException.class);
    assertThatThrownBy(() -> allocator.ioBuffer(2 << 20)).isInstanceOf(MemoryLimitException.class);
    assertThat(test.reservedBytes("a")).isZero();
  }

  @Test
  void takesNothingWhileItIsEmpty() {
    ByteBuf empty = allocator.directBuffer(0, 64);
    assertThat(test.reservedBytes("a")).isZero();
    assertThat(empty.nioBuffer().remaining()).isZero();
    assertThatThrownBy(() -> empty.getByte(0)).isInstanceOf(IndexOutOfBoundsException.class);
    empty.writeInt(5);
    assertThat(test.reservedBytes("a")).isEqualTo(64);
    assertThat(empty.readInt()).isEqualTo(5);
    empty.capacity(0);
    assertThat(test.reservedBytes("a")).isZero();
    empty.release();
    assertThat(allocator.directBuffer(0, 0).release()).isFalse();
  }

  @Test
  void servesCompositesOfDirectAndHeapBuffers() {
    CompositeByteBuf composite = allocator.compositeDirectBuffer(4);
    composite.addComponent(true, allocator.directBuffer(8).writeLong(1));
    composite.addComponent(true, allocator.heapBuffer(8).writeLong(2));
    composite.addComponent(true, allocator.directBuffer(8).writeLong(3));
    assertThat(composite.readLong() + composite.readLong() + composite.readLong()).isEqualTo(6);
    assertThat(test.reservedBytes("a")).isEqualTo(32);
    composite.writeLong(4);
    ByteBuf copy = composite.copy();
    composite.release();
    assertThat(copy.getLong(0)).isEqualTo(4);
    copy.release();
  }

  @Test
  void countsHeapBuffersButDoesNotChargeThem() {
    ByteBuf buffer = allocator.heapBuffer(100);
    assertThat(buffer.hasArray()).isTrue();
    assertThat(allocator.metric().usedHeapMemory()).isEqualTo(100);
    buffer.writeBytes(new byte[200]);
    assertThat(allocator.metric().usedHeapMemory()).isEqualTo(buffer.capacity());
    assertThat(allocator.metric().usedDirectMemory()).isZero();
    assertThat(test.reservedBytes("a")).isZero();
    buffer.release();
  }

  @Test
  void isReleasedByAnyThread() throws Exception {
    LinkedTransferQueue<ByteBuf> handedOver = new LinkedTransferQueue<>();
    int count = 20_000;
    try (ExecutorService threads = Executors.newFixedThreadPool(2);
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> allocating =
          threads.submit(
              () -> {
                for (int each = 0; each < count; each++) {
                  handedOver.add(allocator.directBuffer(each % 5000 + 8).writeLong(each));
                }
              });
      Future<Long> releasing = threads.submit(() -> sumAndRelease(handedOver, count / 2));
      Future<Long> alsoReleasing = virtual.submit(() -> sumAndRelease(handedOver, count / 2));
      allocating.get();
      assertThat(releasing.get() + alsoReleasing.get()).isEqualTo((count - 1L) * count / 2);
    }
  }

  @Test
  void isAllocatedAndReleasedByVirtualThreads() throws Exception {
    try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int each = 0; each < 1000; each++) {
        ByteBuf buffer = virtual.submit(() -> allocator.directBuffer(500).writeInt(9)).get();
        assertThat(virtual.submit(buffer::readInt).get()).isEqualTo(9);
        assertThat(virtual.submit(() -> buffer.release()).get()).isTrue();
      }
    }
  }

  @Test
  void isGuardedAgainstViewsThatOutliveItInParanoidMode() {
    try (TestAllocators paranoid = new TestAllocators(LeakDetection.PARANOID)) {
      ByteBuf buffer = paranoid.allocator("a").directBuffer(64);
      ByteBuffer view = buffer.nioBuffer(0, 8);
      buffer.release();
      assertThatThrownBy(() -> view.get(0)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static long sumAndRelease(LinkedTransferQueue<ByteBuf> handedOver, int count)
      throws InterruptedException {
    long sum = 0;
    for (int each = 0; each < count; each++) {
      ByteBuf buffer = handedOver.take();
      sum += buffer.readLong();
      buffer.release();
    }
    return sum;
  }

  private static byte[] contents(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }
}
