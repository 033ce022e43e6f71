package io.ullage.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.TokenScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComponentsTest {
  private final TestAllocators test = new TestAllocators();

  @AfterEach
  void accountingIsZero() {
    test.close();
  }

  @Test
  void eachAllocatorChargesItsOwnComponent() {
    ByteBuf first = test.allocator("server.in").directBuffer(1024);
    ByteBuf second = test.allocator("server.out").directBuffer(2048);
    assertThat(test.reservedBytes("server.in")).isEqualTo(1024);
    assertThat(test.reservedBytes("server.out")).isEqualTo(2048);
    assertThat(test.registry.component("server").totalReservedBytes()).isEqualTo(3072);
    first.release();
    assertThat(test.reservedBytes("server.in")).isZero();
    second.release();
  }

  @Test
  void aFollowingAllocatorChargesTheCurrentComponentAndElseItsOwn() {
    UllageByteBufAllocator allocator = test.followingAllocator("otherwise");
    ByteBuf unattributed = allocator.directBuffer(1024);
    ByteBuf request;
    try (TokenScope _ = test.token("request").enter()) {
      request = allocator.directBuffer(64);
    }
    assertThat(test.reservedBytes("otherwise")).isEqualTo(1024);
    assertThat(test.reservedBytes("request")).isEqualTo(64);
    unattributed.release();
    request.release();
  }

  @Test
  void aBufferGrowsAtTheExpenseOfItsFirstComponent() {
    UllageByteBufAllocator allocator = test.followingAllocator("otherwise");
    ByteBuf buffer = test.token("first").call(() -> allocator.directBuffer(64));
    test.token("second").run(() -> buffer.writeBytes(new byte[1000]));
    assertThat(test.reservedBytes("first")).isEqualTo(1024);
    assertThat(test.reservedBytes("second")).isZero();
    buffer.release();
  }

  @Test
  void refusesAComponentOfAnotherRegistry() {
    try (ComponentRegistry other = ComponentRegistry.builder().withoutCounterFile().build()) {
      assertThatThrownBy(
              () -> UllageByteBufAllocator.of(test.pool, other.component("stranger").token()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stranger");
    }
  }
}
