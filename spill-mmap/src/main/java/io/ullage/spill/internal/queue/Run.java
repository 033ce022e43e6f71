package io.ullage.spill.internal.queue;

import io.ullage.spill.SpilledRun;
import org.jspecify.annotations.Nullable;

/** What the queue knows of a run of spilled entries. Guarded by the queue's lock. */
final class Run {
  final SpilledRun handle;

  /** Entries at its beginning that the reader took while they were being written. */
  int skippedEntries;

  int entries;
  long bytes;

  /** Bytes of resident entries between this run and the next, or the end of the queue. */
  long bytesBehind;

  @Nullable Node nextRun;

  Run(SpilledRun handle, int skippedEntries, int entries, long bytes, long bytesBehind) {
    this.handle = handle;
    this.skippedEntries = skippedEntries;
    this.entries = entries;
    this.bytes = bytes;
    this.bytesBehind = bytesBehind;
  }
}
