/**
 * Accounting of off-heap memory: components, tokens, counters, budgets.
 *
 * <p>A {@link io.ullage.core.ComponentRegistry} is the root of one program's accounting. It makes
 * {@link io.ullage.core.Component}s, nodes of a tree with dotted names; what a component charges
 * counts against its own limit and against every limit above it, and what does not fit is a {@link
 * io.ullage.core.MemoryLimitException} that names each level. Code carries a {@link
 * io.ullage.core.ComponentToken}, enters it for a block or wraps a task in it. Whoever watches
 * takes a {@link io.ullage.core.MemorySnapshot}, or reads the counter file of another process with
 * {@link io.ullage.core.CounterFileReader}.
 *
 * {@snippet :
 * try (ComponentRegistry registry = ComponentRegistry.builder().limitBytes(64 << 20).build()) {
 *   Component parser = registry.component("pipeline.parser");
 *   registry.component("pipeline").setLimitBytes(1 << 20);
 *   parser.charge(600 << 10);
 *   parser.tryCharge(600 << 10); // false: pipeline has no room for it
 *   parser.discharge(600 << 10);
 * }
 * }
 *
 * <p>Two packages stand on this one. {@link io.ullage.core.bounds} says before the start what a
 * program will need and makes limits of it; {@link io.ullage.core.limiter} slows producers down
 * before a limit is reached. Memory comes from the module {@code io.ullage.alloc}: this one only
 * counts.
 *
 * <p>Everything here is for use by any thread, unless a type says otherwise.
 */
@NullMarked
package io.ullage.core;

import org.jspecify.annotations.NullMarked;
