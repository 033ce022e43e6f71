/** Segment files, slots and disk budgets behind the mapped file store. */
@NullMarked
package io.ullage.spill.internal.store;

import org.jspecify.annotations.NullMarked;
