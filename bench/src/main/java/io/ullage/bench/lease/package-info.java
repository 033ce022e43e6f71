/** Benchmarks of leases. */
@NullMarked
package io.ullage.bench.lease;

import org.jspecify.annotations.NullMarked;
