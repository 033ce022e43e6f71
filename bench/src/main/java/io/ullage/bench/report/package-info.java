/** Draws results as one self-contained page. */
@NullMarked
package io.ullage.bench.report;

import org.jspecify.annotations.NullMarked;
