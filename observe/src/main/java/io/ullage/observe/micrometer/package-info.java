/** The figures of a registry as Micrometer's meters. Needs {@code micrometer-core}. */
@NullMarked
package io.ullage.observe.micrometer;

import org.jspecify.annotations.NullMarked;
