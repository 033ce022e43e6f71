package io.ullage.alloc;

/**
 * What a chunk pool holds, in bytes: {@code used + cached = committed}.
 *
 * <p>Exact while no thread acquires or closes anything; in between, each figure is right by itself
 * but they belong to slightly different moments.
 *
 * @param usedBytes slots and mappings in use; what components are charged for this pool
 * @param cachedBytes the pool's own: free slots, free chunks, and what is about to be unmapped
 * @param committedBytes mapped from the operating system
 */
public record PoolStatistics(long usedBytes, long cachedBytes, long committedBytes) {}
