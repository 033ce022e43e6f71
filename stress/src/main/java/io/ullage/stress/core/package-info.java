/** Races of accounting, budget, limiter and snapshots. */
@NullMarked
package io.ullage.stress.core;

import org.jspecify.annotations.NullMarked;
