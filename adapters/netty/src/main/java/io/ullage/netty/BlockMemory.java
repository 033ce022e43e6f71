package io.ullage.netty;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.UnguardedBlock;
import io.ullage.core.ComponentToken;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one direct buffer: a block, or nothing where the capacity is zero.
 *
 * @param buffer all its bytes, in network byte order; position and limit are never changed
 * @param block what the bytes belong to
 */
record BlockMemory(ByteBuffer buffer, @Nullable UnguardedBlock block) {
  /** What is left of a buffer that was released: no index is inside. */
  static final BlockMemory NONE = new BlockMemory(ByteBuffer.allocateDirect(0), null);

  /** As malloc aligns, which is what callers of native code expect. */
  private static final int ALIGNMENT_BYTES = 16;

  static BlockMemory take(ChunkPool pool, ComponentToken token, int capacity) {
    if (capacity == 0) {
      return NONE;
    }
    UnguardedBlock block = UnguardedBlock.allocate(pool, token, capacity, ALIGNMENT_BYTES);
    return new BlockMemory(block.buffer(), block);
  }

  /** The same memory, of which fewer bytes are used. */
  BlockMemory narrowed(int capacity) {
    return new BlockMemory(buffer.slice(0, capacity), block);
  }

  long chargedBytes() {
    return block == null ? 0 : block.chargedBytes();
  }

  long address() {
    return block == null ? 0 : block.segment().address();
  }

  void free() {
    if (block != null) {
      block.free();
    }
  }
}
