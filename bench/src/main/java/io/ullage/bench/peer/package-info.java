/**
 * What Ullage is compared with, each peer in its best documented configuration, behind one small
 * interface.
 *
 * <p>The JVM options that belong to these configurations stand in {@code bench.options}.
 */
@NullMarked
package io.ullage.bench.peer;

import org.jspecify.annotations.NullMarked;
