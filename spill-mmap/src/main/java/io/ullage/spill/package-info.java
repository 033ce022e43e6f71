/** A FIFO queue of byte chunks that spills to memory-mapped files. */
@NullMarked
package io.ullage.spill;

import org.jspecify.annotations.NullMarked;
