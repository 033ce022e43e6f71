/**
 * What a program expects to need: memory bounds as expressions, checked against a grant before the
 * program starts, installed as limits afterwards.
 *
 * <p>The way through this package: components describe themselves as {@link
 * io.ullage.core.bounds.MemoryBounds}, {@link io.ullage.core.bounds.ComponentBounds#of} collects
 * the tree, a {@link io.ullage.core.bounds.BoundsVerifier} compares it with a {@link
 * io.ullage.core.bounds.MemoryGrant}, and {@link io.ullage.core.bounds.VerifiedBounds#enforce}
 * turns it into limits.
 */
@NullMarked
package io.ullage.core.bounds;

import org.jspecify.annotations.NullMarked;
