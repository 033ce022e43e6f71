package io.ullage.spill.internal.store;

import io.ullage.spill.SpillBatch;
import org.jspecify.annotations.Nullable;

/** The sizes of a run's entries, kept once where all are equal. Immutable. */
final class EntrySizes {
  private final int count;
  private final long uniformBytes;
  private final int @Nullable [] byteSizes;

  EntrySizes(SpillBatch batch) {
    this.count = batch.count();
    this.uniformBytes = batch.byteSize(0);
    this.byteSizes = isUniform(batch) ? null : sizes(batch);
  }

  private static boolean isUniform(SpillBatch batch) {
    for (int i = 1; i < batch.count(); i++) {
      if (batch.byteSize(i) != batch.byteSize(0)) {
        return false;
      }
    }
    return true;
  }

  // A batch of several entries is a frame, and a frame fits an int.
  private static int[] sizes(SpillBatch batch) {
    int[] sizes = new int[batch.count()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(batch.byteSize(i));
    }
    return sizes;
  }

  int count() {
    return count;
  }

  long byteSize(int index) {
    return byteSizes == null ? uniformBytes : byteSizes[index];
  }
}
