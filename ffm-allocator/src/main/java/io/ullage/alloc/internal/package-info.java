/** Chunks, slots, caches: what the lifetimes stand on. */
@NullMarked
package io.ullage.alloc.internal;

import org.jspecify.annotations.NullMarked;
