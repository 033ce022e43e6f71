/** What a run of benchmarks measured, how implementations compare, and which goals that meets. */
@NullMarked
package io.ullage.bench.result;

import org.jspecify.annotations.NullMarked;
