/** The queue behind its façade: bookkeeping, threads, waiting. */
@NullMarked
package io.ullage.spill.internal.queue;

import org.jspecify.annotations.NullMarked;
