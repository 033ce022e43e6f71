/** {@code ullage top}: the counters of running programs, read from their files. */
@NullMarked
package io.ullage.tool.top;

import org.jspecify.annotations.NullMarked;
