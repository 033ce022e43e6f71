/** Tests of the lifetimes. */
@NullMarked
package io.ullage.alloc;

import org.jspecify.annotations.NullMarked;
