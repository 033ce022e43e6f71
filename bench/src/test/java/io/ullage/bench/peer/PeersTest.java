package io.ullage.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.arrow.memory.BoundsChecking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeersTest {
  private static final int IN_FLIGHT = 256;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ullage",
        "ullage-netty",
        "ullage-arrow",
        "queue",
        "netty-pooled",
        "netty-adaptive",
        "arrow",
        "malloc",
        "unsafe",
        "slice-confined",
        "arena-confined",
        "arena-shared"
      })
  void holdsManyBuffersAtOnceAndReusesThem(String impl) {
    long byteSize = 65_536;
    try (PeerAllocator<Object> peer = Peers.open(impl, byteSize, IN_FLIGHT)) {
      Object[] buffers = new Object[IN_FLIGHT];
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < IN_FLIGHT; i++) {
          buffers[i] = peer.acquire(byteSize);
          peer.touch(buffers[i], byteSize);
          peer.zero(buffers[i], byteSize);
        }
        for (Object buffer : buffers) {
          peer.release(buffer);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ullage-netty",
        "ullage-arrow",
        "netty-pooled",
        "netty-adaptive",
        "arrow",
        "malloc",
        "unsafe",
        "arena-shared"
      })
  void releasesOnAnotherThreadWhatAllowsIt(String impl) {
    try (PeerAllocator<Object> peer = Peers.open(impl, 1024, IN_FLIGHT)) {
      assertThat(peer.allowsForeignRelease()).isTrue();
      Object buffer = peer.acquire(1024);
      CompletableFuture.runAsync(() -> peer.release(buffer)).join();
    }
  }

  @Test
  void namesWhatIsAllowedWhenThereIsNoSuchPeer() {
    assertThatThrownBy(() -> Peers.open("nettie", 64, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nettie")
        .hasMessageContaining("netty-pooled");
  }

  @Test
  void nettyRunsAsFastAsItCan() {
    assertThat(PlatformDependent.hasUnsafe()).isTrue();
    assertThat(PlatformDependent.hasDirectBufferNoCleanerConstructor()).isTrue();
    try (ExecutorService executor = new NettyThreadExecutor(1, "test")) {
      assertThat(CompletableFuture.supplyAsync(Thread::currentThread, executor).join())
          .isInstanceOf(FastThreadLocalThread.class);
    }
  }

  @Test
  void arrowRunsWithoutItsChecks() {
    assertThat(BoundsChecking.BOUNDS_CHECKING_ENABLED).isFalse();
  }
}
