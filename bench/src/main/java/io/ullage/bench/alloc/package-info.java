/** What a buffer costs, ours and others'. */
@NullMarked
package io.ullage.bench.alloc;

import org.jspecify.annotations.NullMarked;
