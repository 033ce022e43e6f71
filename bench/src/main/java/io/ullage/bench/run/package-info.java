/** Runs benchmarks in a preset, implementation by implementation in turns. */
@NullMarked
package io.ullage.bench.run;

import org.jspecify.annotations.NullMarked;
