/** Races of the allocator. */
@NullMarked
package io.ullage.stress.alloc;

import org.jspecify.annotations.NullMarked;
