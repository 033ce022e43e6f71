/** The pages in a real browser. */
@NullMarked
package io.ullage.observe.browser;

import org.jspecify.annotations.NullMarked;
