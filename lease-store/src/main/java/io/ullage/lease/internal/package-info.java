/** How leases are kept: the record protocol, its memory, and the liveness of owners. */
@NullMarked
package io.ullage.lease.internal;

import org.jspecify.annotations.NullMarked;
