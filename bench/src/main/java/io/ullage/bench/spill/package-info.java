/** Benchmarks of the spill queue. */
@NullMarked
package io.ullage.bench.spill;

import org.jspecify.annotations.NullMarked;
