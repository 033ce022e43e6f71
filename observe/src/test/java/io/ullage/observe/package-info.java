@NullMarked
package io.ullage.observe;

import org.jspecify.annotations.NullMarked;
