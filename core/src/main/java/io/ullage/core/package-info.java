/** Accounting of off-heap memory: components, tokens, counters, budgets. */
@NullMarked
package io.ullage.core;

import org.jspecify.annotations.NullMarked;
