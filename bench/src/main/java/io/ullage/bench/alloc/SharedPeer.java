package io.ullage.bench.alloc;

import io.ullage.bench.peer.PeerAllocator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One allocator for all threads of a benchmark: opened by the first, closed by the last. */
final class SharedPeer {
  private @Nullable PeerAllocator<Object> peer;
  private int users;

  synchronized PeerAllocator<Object> open(Supplier<PeerAllocator<Object>> opening) {
    PeerAllocator<Object> opened = peer == null ? opening.get() : peer;
    peer = opened;
    users++;
    return opened;
  }

  synchronized void close() {
    if (--users == 0 && peer != null) {
      peer.close();
      peer = null;
    }
  }
}
