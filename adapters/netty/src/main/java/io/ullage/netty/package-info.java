/** Netty buffers whose memory is charged to components. */
@NullMarked
package io.ullage.netty;

import org.jspecify.annotations.NullMarked;
