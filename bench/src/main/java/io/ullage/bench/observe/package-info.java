/** Benchmarks of what an operator asks a running program. */
@NullMarked
package io.ullage.bench.observe;

import org.jspecify.annotations.NullMarked;
