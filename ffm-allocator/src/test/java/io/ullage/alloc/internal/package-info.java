/** Tests of chunks, slots and caches. */
@NullMarked
package io.ullage.alloc.internal;

import org.jspecify.annotations.NullMarked;
