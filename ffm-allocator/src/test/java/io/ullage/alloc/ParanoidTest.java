package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentToken;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParanoidTest {
  private final TestPool pool = new TestPool(Long.MAX_VALUE, LeakDetection.PARANOID);
  private final ComponentToken token = pool.token("suspect");

  @AfterEach
  void accountingIsExact() {
    pool.close();
  }

  @Test
  void overwritesWhatIsFreed() {
    PooledSegment first = pool.segments.acquire(token, 64);
    first.segment().fill((byte) 1);
    long address = first.segment().address();
    first.close();
    try (PooledSegment second = pool.segments.acquire(token, 64)) {
      assertThat(second.segment().address()).isEqualTo(address);
      assertThat(second.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 0xDE);
    }
  }

  @Test
  void noticesWritesBehindTheEnd() {
    PooledSegment segment = pool.segments.acquire(token, 50);
    outOfBounds(segment).set(JAVA_BYTE, 50, (byte) 0);
    assertThatThrownBy(segment::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("behind the end of a buffer of 50 bytes")
        .hasMessageContaining("noticesWritesBehindTheEnd");
    assertThat(token.component().ownReservedBytes()).isZero();
  }

  @Test
  void namesBothSitesWhenClosedTwice() {
    PooledSegment segment = pool.segments.acquire(token, 50);
    closeFirst(segment);
    assertThatThrownBy(segment::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("namesBothSitesWhenClosedTwice")
        .hasMessageContaining("closeFirst");
  }

  private static void closeFirst(PooledSegment segment) {
    segment.close();
  }

  @SuppressWarnings("restricted") // what native code does that was given the address
  private static MemorySegment outOfBounds(PooledSegment segment) {
    return MemorySegment.ofAddress(segment.segment().address()).reinterpret(64);
  }
}
