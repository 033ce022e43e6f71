/** What an operator sees of a running program. */
@NullMarked
package io.ullage.observe;

import org.jspecify.annotations.NullMarked;
