/** How the limiter waits, and how limits and usage are read from the operating system. */
@NullMarked
package io.ullage.core.limiter.internal;

import org.jspecify.annotations.NullMarked;
