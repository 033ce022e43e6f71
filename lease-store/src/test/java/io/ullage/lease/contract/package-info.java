/** What every lease store must do, for the tests of those who write one. */
@NullMarked
package io.ullage.lease.contract;

import org.jspecify.annotations.NullMarked;
