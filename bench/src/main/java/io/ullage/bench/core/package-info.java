/** Benchmarks of accounting, budget, limiter and snapshots. */
@NullMarked
package io.ullage.bench.core;

import org.jspecify.annotations.NullMarked;
