/** Attributed, bounded memory segments. */
@NullMarked
package io.ullage.alloc;

import org.jspecify.annotations.NullMarked;
