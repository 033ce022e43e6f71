/** Tests of the limiter and of limit detection. */
@NullMarked
package io.ullage.core.limiter;

import org.jspecify.annotations.NullMarked;
