/**
 * Netty buffers whose memory is charged to components.
 *
 * <p>{@link io.ullage.netty.UllageByteBufAllocator} is a Netty allocator over a {@link
 * io.ullage.alloc.ChunkPool}. Install it where a bootstrap takes an allocator; each direct buffer
 * is charged to one component, or to the one for which the allocating thread works.
 *
 * {@snippet :
 * UllageByteBufAllocator allocator =
 *     UllageByteBufAllocator.of(pool, registry.component("server.connections").token());
 * new ServerBootstrap().childOption(ChannelOption.ALLOCATOR, allocator);
 * }
 *
 * <p>What does not fit under a limit is a {@link io.ullage.core.MemoryLimitException} where the
 * buffer was asked for.
 */
@NullMarked
package io.ullage.netty;

import org.jspecify.annotations.NullMarked;
