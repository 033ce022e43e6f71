/** Tests of bounds. */
@NullMarked
package io.ullage.core.bounds;

import org.jspecify.annotations.NullMarked;
