/**
 * A FIFO queue of byte chunks that spills its middle to memory-mapped files and fetches it back
 * before the reader needs it.
 *
 * <p>A {@link io.ullage.spill.SpillQueue} hands segments from its {@link
 * io.ullage.spill.SpillWriter}s to one reader, in order. Three things are chosen when it is built:
 *
 * <ul>
 *   <li>policies, which decide and do nothing: {@link io.ullage.spill.SpillPolicy}, of which {@link
 *       io.ullage.spill.ThresholdPolicy} is the usual one, says what goes to disk; {@link
 *       io.ullage.spill.PrefetchPolicy} says how much comes back ahead of the reader;
 *   <li>a {@link io.ullage.spill.SpillStore}, where bytes go: {@link
 *       io.ullage.spill.MappedFileStore}, or {@link io.ullage.spill.HeapStore} for tests;
 *   <li>what happens {@link io.ullage.spill.WhenFull when the disk is full} and {@link
 *       io.ullage.spill.WhenDamaged when an entry is damaged}.
 * </ul>
 *
 * {@snippet :
 * try (SpillQueue queue =
 *     SpillQueue.builder(pool, registry.component("queue").token())
 *         .store(MappedFileStore.builder(folder).build())
 *         .spillPolicy(new ThresholdPolicy(4 << 20, 1 << 20))
 *         .prefetchPolicy(PrefetchPolicy.budget(1 << 20))
 *         .build()) {
 *   try (SpillWriter writer = queue.writer()) {
 *     writer.offer(pool.acquire(source, 256 << 10).detach());
 *   }
 *   for (DetachedSegment next; (next = queue.take()) != null; ) {
 *     next.attach().close();
 *   }
 * }
 * }
 *
 * <p>No caller's thread waits for a disk: one thread of the queue's writes, another reads. The
 * memory that the queue holds is charged to its component, and {@link
 * io.ullage.spill.SpillQueueStatistics} says where every byte is.
 */
@NullMarked
package io.ullage.spill;

import org.jspecify.annotations.NullMarked;
