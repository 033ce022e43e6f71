/** What a person at a terminal sees while a command works. */
@NullMarked
package io.ullage.tool.terminal;

import org.jspecify.annotations.NullMarked;
