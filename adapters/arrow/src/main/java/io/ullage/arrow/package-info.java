/** Arrow memory that is charged to components. */
@NullMarked
package io.ullage.arrow;

import org.jspecify.annotations.NullMarked;
