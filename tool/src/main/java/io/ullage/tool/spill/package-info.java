/** {@code ullage spill-stress}: a spill queue under load, with every byte verified. */
@NullMarked
package io.ullage.tool.spill;

import org.jspecify.annotations.NullMarked;
