/** Races between the program and those who look at it. */
@NullMarked
package io.ullage.stress.observe;

import org.jspecify.annotations.NullMarked;
