/** Leases: exclusive ownership with heartbeats and fencing tokens. */
@NullMarked
package io.ullage.lease;

import org.jspecify.annotations.NullMarked;
