package io.ullage.spill;

import io.ullage.spill.internal.store.RealCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.function.LongPredicate;

/** Flips a bit in the bytes of some entries while they are written; all entries have one size. */
final class FlippingCalls extends RealCalls {
  private static final int SEQUENCE_OFFSET = 16;

  private final int slotBytes;
  private final LongPredicate damages;

  FlippingCalls(int entryBytes, LongPredicate damages) {
    this.slotBytes = (int) SpillBatch.framedSize(entryBytes);
    this.damages = damages;
  }

  @Override
  public int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    ByteBuffer damaged = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    damaged.put(bytes).flip();
    for (int slot = 0; slot + slotBytes <= damaged.limit(); slot += slotBytes) {
      if (damages.test(damaged.getLong(slot + SEQUENCE_OFFSET))) {
        int place = slot + SpillBatch.GAP_BYTES;
        damaged.put(place, (byte) (damaged.get(place) ^ 1));
      }
    }
    int written = damaged.remaining();
    long at = position;
    while (damaged.hasRemaining()) {
      at += super.write(file, damaged, at);
    }
    return written;
  }
}
