package io.ullage.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.ullage.alloc.LeakDetection;
import io.ullage.alloc.LeakReport;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DroppedBufferTest {
  @Test
  void isReportedByNettyAndByThePoolWhichTakesItsMemoryBack() {
    try (TestAllocators test = new TestAllocators(LeakDetection.EVERY_SITE)) {
      UllageByteBufAllocator allocator = test.allocator("leaky");
      RecordingLeakDetector.REPORTS.clear();
      drop(allocator);
      assertThat(test.reservedBytes("leaky")).isEqualTo(1024);
      while (test.leaks.isEmpty() || RecordingLeakDetector.REPORTS.isEmpty()) {
        System.gc();
        test.pool.trim().join();
        // Netty looks for leaks when a buffer is allocated.
        allocator.directBuffer(16).release();
      }
      assertThat(RecordingLeakDetector.REPORTS.remove()).contains("DroppedBufferTest");
      LeakReport leak = test.leaks.remove();
      assertThat(leak.component()).isEqualTo("leaky");
      assertThat(leak.chargedBytes()).isEqualTo(1024);
      assertThat(leak.site().orElseThrow().toString()).contains("DroppedBufferTest");
      assertThat(test.reservedBytes("leaky")).isZero();
      assertThat(allocator.metric().usedDirectMemory()).isEqualTo(1024);
      test.leaks.add(leak);
    }
  }

  @Test
  void keepsItsMemoryWhileAViewOfItLives() {
    try (TestAllocators test = new TestAllocators(LeakDetection.EVERY_SITE)) {
      ByteBuffer[] view = {viewOfADropped(test.allocator("leaky"))};
      for (int each = 0; each < 3; each++) {
        System.gc();
        test.pool.trim().join();
      }
      assertThat(test.reservedBytes("leaky")).isEqualTo(1024);
      assertThat(view[0].getInt(0)).isEqualTo(42);
      view[0] = ByteBuffer.allocate(0);
      while (test.leaks.isEmpty()) {
        System.gc();
        test.pool.trim().join();
      }
      assertThat(test.reservedBytes("leaky")).isZero();
    }
  }

  private static void drop(UllageByteBufAllocator allocator) {
    allocator.directBuffer(1000).writeInt(1);
  }

  private static ByteBuffer viewOfADropped(UllageByteBufAllocator allocator) {
    ByteBuf buffer = allocator.directBuffer(1000).writeInt(42);
    return buffer.nioBuffer();
  }
}
