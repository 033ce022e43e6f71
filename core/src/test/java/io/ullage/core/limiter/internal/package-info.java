/** Tests of the limiter's parts. */
@NullMarked
package io.ullage.core.limiter.internal;

import org.jspecify.annotations.NullMarked;
