/** What the core package is made of; no part of the API. */
@NullMarked
package io.ullage.core.internal;

import org.jspecify.annotations.NullMarked;
