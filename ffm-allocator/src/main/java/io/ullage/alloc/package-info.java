/**
 * Attributed, bounded memory segments at pooled prices.
 *
 * <p>A {@link io.ullage.alloc.ChunkPool} maps memory and keeps it; it belongs to one {@link
 * io.ullage.core.ComponentRegistry}, which bounds it. On the pool stand three lifetimes, each with
 * its price in its own documentation:
 *
 * <ul>
 *   <li>a {@link io.ullage.alloc.ComponentArena} is a {@link java.lang.foreign.Arena}: whatever
 *       code takes an arena is attributed and limited without a change, and all is given back at
 *       once;
 *   <li>a {@link io.ullage.alloc.PooledSegment}, from a {@link io.ullage.alloc.SegmentPool}, is one
 *       buffer of one thread. To hand it on, its owner makes a {@link
 *       io.ullage.alloc.DetachedSegment} of it, and the receiver attaches that;
 *   <li>a shared arena is for segments that many threads use and that end together.
 * </ul>
 *
 * {@snippet :
 * try (ComponentRegistry registry = ComponentRegistry.builder().limitBytes(64 << 20).build();
 *     ChunkPool chunks = ChunkPool.open(registry)) {
 *   ComponentToken parser = registry.component("parser").token();
 *   try (ComponentArena arena = ComponentArena.ofConfined(chunks, parser)) {
 *     MemorySegment text = arena.allocateFrom("charged to parser");
 *   }
 *   SegmentPool pool = SegmentPool.over(chunks);
 *   try (PooledSegment buffer = pool.acquire(parser, 1024)) {
 *     buffer.segment().set(ValueLayout.JAVA_INT, 0, 42);
 *   }
 * }
 * }
 *
 * <p>Use after the end throws and never reads what belongs to somebody else. What is dropped
 * without being closed is reported, see {@link io.ullage.alloc.LeakReport}. {@link
 * io.ullage.alloc.UnguardedBlock} is for adapters to libraries that count references themselves;
 * its name says what it lacks. {@link io.ullage.alloc.MappedSegment} charges mapped files.
 */
@NullMarked
package io.ullage.alloc;

import org.jspecify.annotations.NullMarked;
