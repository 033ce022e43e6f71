/**
 * {@code ullage bench growth}: what an operation costs the more there is of something, and the
 * order in which that grows.
 */
@NullMarked
package io.ullage.bench.growth;

import org.jspecify.annotations.NullMarked;
