/** How expressions are computed, resolved and written down. */
@NullMarked
package io.ullage.core.bounds.internal;

import org.jspecify.annotations.NullMarked;
