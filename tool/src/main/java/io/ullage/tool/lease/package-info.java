/** {@code ullage lease}: commands run under leases, and what a store holds. */
@NullMarked
package io.ullage.tool.lease;

import org.jspecify.annotations.NullMarked;
