/** A spill store that compresses what another one keeps. */
@NullMarked
package io.ullage.spill.codec;

import org.jspecify.annotations.NullMarked;
