package io.ullage.spill.contract;

import io.ullage.spill.FetchTarget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes so many entries and keeps their bytes. */
final class CollectingTarget implements FetchTarget {
  final List<byte[]> entries = new ArrayList<>();
  private final int maximum;
  private int given;
  private MemorySegment open = MemorySegment.NULL;

  CollectingTarget(int maximum) {
    this.maximum = maximum;
  }

  @Override
  public @Nullable MemorySegment next(long byteSize) {
    if (given == maximum) {
      return null;
    }
    given++;
    open = Arena.ofAuto().allocate(byteSize, 16);
    return open;
  }

  @Override
  public void commit() {
    entries.add(open.toArray(ValueLayout.JAVA_BYTE));
  }
}
