/** The commands of {@code jcstress.jar}. */
@NullMarked
package io.ullage.stress;

import org.jspecify.annotations.NullMarked;
