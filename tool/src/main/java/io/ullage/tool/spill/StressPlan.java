package io.ullage.tool.spill;

import java.nio.file.Path;

/**
 * What a run does, all of it known to be possible.
 *
 * @param totalBytes bytes to push, over all queues
 * @param chunkBytes size of an entry; the last one of the run may be shorter
 * @param thresholdBytes of all queues together
 * @param headReserveBytes of all queues together
 * @param limitBytes of the program
 * @param drainEvery drain after so many pushes; 0 to push all first
 * @param directory where to spill
 * @param queues how many queues share the load
 * @param onFull what a push does when the disk is full
 */
record StressPlan(
    long totalBytes,
    int chunkBytes,
    long thresholdBytes,
    long headReserveBytes,
    long limitBytes,
    long drainEvery,
    Path directory,
    int queues,
    OnFull onFull) {
  long chunks() {
    return Math.ceilDiv(totalBytes, (long) chunkBytes);
  }

  int bytesOf(long chunk) {
    return (int) Math.min(chunkBytes, totalBytes - chunk * chunkBytes);
  }
}
