package io.ullage.tool.run;

import io.ullage.core.MemorySnapshot;

/**
 * How far a run has got, at one moment.
 *
 * @param elapsedNanos since the work began
 * @param totalBytes how much there is to stream
 * @param bytesIn how much was read
 * @param bytesOut how much has arrived
 * @param components the components' figures
 * @param queue where the queue's bytes are
 */
record RunStatus(
    long elapsedNanos,
    long totalBytes,
    long bytesIn,
    long bytesOut,
    MemorySnapshot components,
    QueueRegions queue) {
  /**
   * The regions of the queue, from the reader's end to the writer's.
   *
   * @param headBytes resident before what is on disk
   * @param spilledBytes on disk
   * @param spillingBytes being written, still resident
   * @param tailBytes resident behind what is on disk
   */
  record QueueRegions(long headBytes, long spilledBytes, long spillingBytes, long tailBytes) {}
}
