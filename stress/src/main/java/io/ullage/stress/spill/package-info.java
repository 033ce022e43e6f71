/** Races of the spill queue. */
@NullMarked
package io.ullage.stress.spill;

import org.jspecify.annotations.NullMarked;
