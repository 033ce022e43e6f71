/**
 * {@code ullage bench system}: one pipeline from source through a queue to a sink, on Ullage and on
 * others, each in a JVM of its own.
 */
@NullMarked
package io.ullage.bench.system;

import org.jspecify.annotations.NullMarked;
