/**
 * {@code ullage stress soak}: several processes do everything at random for a long time, are
 * stopped, killed and left without a disk, and every invariant is checked all the time.
 */
@NullMarked
package io.ullage.stress.soak;

import org.jspecify.annotations.NullMarked;
