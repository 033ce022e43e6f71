/** {@code ullage run}: bytes of real files through all parts of the library. */
@NullMarked
package io.ullage.tool.run;

import org.jspecify.annotations.NullMarked;
