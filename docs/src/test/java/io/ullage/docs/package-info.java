/** Compiles and runs the examples of README and docs. */
@NullMarked
package io.ullage.docs;

import org.jspecify.annotations.NullMarked;
