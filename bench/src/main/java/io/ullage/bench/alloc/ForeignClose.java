package io.ullage.bench.alloc;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.ullage.bench.peer.PeerAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Two threads that do the same: each acquires a buffer and hands it over to the other, then closes
 * one that it was handed. So both work all the time, and what is measured on one of them is the
 * price of one acquisition, one hand-over and one close by somebody else.
 *
 * <p>What cannot be closed by another thread (a confined scope) is closed by its own; a token makes
 * the ways there and back all the same.
 */
final class ForeignClose extends InFlight {
  private static final Object NOTHING = new Object();

  private final Lane there;
  private final Lane back;
  private final @Nullable Object[] own;
  private final boolean foreign;
  private final Thread partner;
  private volatile boolean ended;
  private int next;

  ForeignClose(PeerAllocator<Object> allocator, int count, long byteSize, boolean zeroed) {
    super(allocator, byteSize, zeroed);
    int firstOnes = count / 2;
    // In step within the first ones: one side is ahead by those at most, and they are on their way.
    there = new Lane(2 * count);
    back = new Lane(2 * count);
    own = new @Nullable Object[count];
    foreign = allocator.allowsForeignRelease();
    for (int each = 0; each < firstOnes; each++) {
      there.send(outgoing());
    }
    // Netty's kind of thread, as the benchmark's own.
    partner = new DefaultThreadFactory("partner", true).newThread(() -> work(firstOnes));
    partner.start();
  }

  @Override
  void exchange() {
    there.send(outgoing());
    close(back.receive(() -> ended));
  }

  private Object outgoing() {
    Object acquired = acquireAndTouch();
    if (foreign) {
      return allocator().detach(acquired);
    }
    int slot = next++ & (own.length - 1);
    releaseOwn(slot);
    own[slot] = acquired;
    return NOTHING;
  }

  private void close(@Nullable Object received) {
    if (foreign && received != null) {
      allocator().releaseDetached(received);
    }
  }

  private void releaseOwn(int slot) {
    Object buffer = own[slot];
    if (buffer != null) {
      allocator().release(buffer);
      own[slot] = null;
    }
  }

  private void work(int firstOnes) {
    for (int each = 0; each < firstOnes; each++) {
      back.send(partnersOutgoing());
    }
    for (Object received = there.receive(() -> ended);
        received != null;
        received = there.receive(() -> ended)) {
      back.send(partnersOutgoing());
      close(received);
    }
  }

  private Object partnersOutgoing() {
    return foreign ? allocator().detach(acquireAndTouch()) : NOTHING;
  }

  @Override
  public void close() {
    ended = true;
    try {
      partner.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    for (Lane lane : new Lane[] {there, back}) {
      for (Object left = lane.drain(); left != null; left = lane.drain()) {
        close(left);
      }
    }
    for (int slot = 0; slot < own.length; slot++) {
      releaseOwn(slot);
    }
  }
}
