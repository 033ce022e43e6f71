/** How the status is written and served. */
@NullMarked
package io.ullage.observe.internal;

import org.jspecify.annotations.NullMarked;
