package io.ullage.alloc.internal;

import java.util.function.LongSupplier;

/**
 * Which buffers have their site recorded.
 *
 * @param every one of how many; 1 for all, 0 for none
 * @param ends whether the site of the end is recorded as well, for whoever ends a buffer twice
 * @param nanoClock tells the time, by which samples of one thread are kept apart
 */
public record Sampling(int every, boolean ends, LongSupplier nanoClock) {}
