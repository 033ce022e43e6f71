/** Races of leases. */
@NullMarked
package io.ullage.stress.lease;

import org.jspecify.annotations.NullMarked;
