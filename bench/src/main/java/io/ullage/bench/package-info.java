/** The commands of {@code benchmarks.jar}. */
@NullMarked
package io.ullage.bench;

import org.jspecify.annotations.NullMarked;
