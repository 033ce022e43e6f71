/** {@code ullage doctor}: whether this host and this JVM have what Ullage needs. */
@NullMarked
package io.ullage.tool.doctor;

import org.jspecify.annotations.NullMarked;
