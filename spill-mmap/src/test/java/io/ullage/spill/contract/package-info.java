/** What every spill store must do, for the tests of those who write one. */
@NullMarked
package io.ullage.spill.contract;

import org.jspecify.annotations.NullMarked;
