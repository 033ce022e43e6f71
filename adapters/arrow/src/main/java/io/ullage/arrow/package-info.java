/**
 * Arrow memory that is charged to components.
 *
 * <p>{@link io.ullage.arrow.UllageAllocationManager} makes Arrow's allocators take their memory
 * from a {@link io.ullage.alloc.ChunkPool}: in place of {@code new RootAllocator()}
 *
 * {@snippet :
 * ComponentToken token = registry.component("query.scan").token();
 * try (BufferAllocator allocator = UllageAllocationManager.rootAllocator(pool, token);
 *     BigIntVector numbers = new BigIntVector("numbers", allocator)) {
 *   numbers.allocateNew(1000);
 * }
 * }
 *
 * <p>A refusal by a component's limit is Arrow's own exception, with the {@link
 * io.ullage.core.MemoryLimitException} as its cause.
 */
@NullMarked
package io.ullage.arrow;

import org.jspecify.annotations.NullMarked;
