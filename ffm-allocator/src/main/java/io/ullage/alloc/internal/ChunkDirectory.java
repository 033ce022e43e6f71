package io.ullage.alloc.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds the chunk of an address: a table of two levels, one entry for each MiB.
 *
 * <pre>
 *   address  | 47 … 34 root | 33 … 20 leaf | 19 … 0 inside a MiB |
 * </pre>
 *
 * <p>A leaf spans 16 GiB and is made at its first use. Readers take no lock: an entry is published
 * by a volatile store before any slot of the chunk can be seen, and withdrawn after the last came
 * back.
 */
final class ChunkDirectory {
  private static final int MIB_SHIFT = 20;
  private static final int LEAF_SHIFT = 14;
  private static final int ADDRESS_BITS = 48;

  private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Chunk>> root =
      new AtomicReferenceArray<>(1 << (ADDRESS_BITS - MIB_SHIFT - LEAF_SHIFT));

  void add(Chunk chunk) {
    set(chunk.span(), chunk);
  }

  void remove(Chunk chunk) {
    set(chunk.span(), null);
  }

  Chunk find(long address) {
    long entry = address >>> MIB_SHIFT;
    AtomicReferenceArray<@Nullable Chunk> leaf = root.get((int) (entry >>> LEAF_SHIFT));
    Chunk chunk = leaf == null ? null : leaf.get((int) entry & ((1 << LEAF_SHIFT) - 1));
    if (chunk == null) {
      throw new AssertionError("no chunk at this address");
    }
    return chunk;
  }

  private void set(Span span, @Nullable Chunk chunk) {
    long first = span.address() >>> MIB_SHIFT;
    long count = span.byteSize() >>> MIB_SHIFT;
    for (long entry = first; entry < first + count; entry++) {
      leaf((int) (entry >>> LEAF_SHIFT)).set((int) entry & ((1 << LEAF_SHIFT) - 1), chunk);
    }
  }

  private AtomicReferenceArray<@Nullable Chunk> leaf(int index) {
    AtomicReferenceArray<@Nullable Chunk> leaf = root.get(index);
    if (leaf == null) {
      AtomicReferenceArray<@Nullable Chunk> made = new AtomicReferenceArray<>(1 << LEAF_SHIFT);
      leaf = root.compareAndExchange(index, null, made);
      if (leaf == null) {
        leaf = made;
      }
    }
    return leaf;
  }
}
