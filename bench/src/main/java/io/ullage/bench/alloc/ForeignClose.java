package io.ullage.bench.alloc;

import io.ullage.bench.peer.PeerAllocator;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One thread acquires, another closes; between the two is a ring with a slot for each buffer in
 * flight.
 *
 * <p>What cannot be closed by another thread (a confined scope) makes the way there all the same,
 * and is closed by its own thread when its slot comes round again.
 */
final class ForeignClose extends InFlight {
  private static final Object NOTHING = new Object();

  private final AtomicReferenceArray<@Nullable Object> ring;
  private final @Nullable Object[] own;
  private final boolean foreign;
  private final Thread closer;
  private volatile boolean ended;
  private int next;

  ForeignClose(PeerAllocator<Object> allocator, int count, long byteSize, boolean zeroed) {
    super(allocator, byteSize, zeroed);
    ring = new AtomicReferenceArray<>(count);
    own = new @Nullable Object[count];
    foreign = allocator.allowsForeignRelease();
    closer = Thread.ofPlatform().daemon().name("closer").start(this::closeAll);
  }

  @Override
  void exchange() {
    Object acquired = acquireAndTouch();
    Object handedOver = foreign ? allocator().detach(acquired) : NOTHING;
    int slot = next++ & (own.length - 1);
    while (ring.getAcquire(slot) != null) {
      Thread.onSpinWait();
    }
    if (!foreign) {
      releaseOwn(slot);
      own[slot] = acquired;
    }
    ring.setRelease(slot, handedOver);
  }

  private void releaseOwn(int slot) {
    Object buffer = own[slot];
    if (buffer != null) {
      allocator().release(buffer);
      own[slot] = null;
    }
  }

  private void closeAll() {
    int slot = 0;
    while (true) {
      Object handedOver = ring.getAcquire(slot);
      if (handedOver != null) {
        if (foreign) {
          allocator().releaseDetached(handedOver);
        }
        ring.setRelease(slot, null);
        slot = (slot + 1) & (own.length - 1);
      } else if (ended) {
        return;
      } else {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void close() {
    ended = true;
    try {
      closer.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    for (int slot = 0; slot < own.length; slot++) {
      releaseOwn(slot);
    }
    allocator().close();
  }
}
