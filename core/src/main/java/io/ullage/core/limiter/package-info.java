/**
 * Slowing producers down before memory runs out, and finding out how much there is.
 *
 * <p>{@link io.ullage.core.limiter.DelayCurve} is the pure function from usage to delay, {@link
 * io.ullage.core.limiter.MemoryLimiter} the thread around it; {@link
 * io.ullage.core.limiter.LimitDetection} reads the limits that the operating system sets.
 */
@NullMarked
package io.ullage.core.limiter;

import org.jspecify.annotations.NullMarked;
