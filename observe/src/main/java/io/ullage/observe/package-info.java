/**
 * What an operator sees of a running program: status and metrics over HTTP, a dashboard, a sizing
 * guide, JMX.
 *
 * <p>{@link io.ullage.observe.StatusServer} serves all of it for one {@link
 * io.ullage.core.ComponentRegistry}; each of {@link io.ullage.observe.StatusHandlers} can be
 * mounted in a server of your own. {@link io.ullage.observe.SizingGuide} writes the sizing guide as
 * a file for those who have no access to the program, and {@link io.ullage.observe.JmxRegistration}
 * publishes an MXBean. Micrometer's meters are in {@link io.ullage.observe.micrometer}.
 *
 * {@snippet :
 * try (ComponentRegistry registry = ComponentRegistry.builder().limitBytes(64 << 20).build();
 *     StatusServer server = StatusServer.builder(registry).port(7878).start()) {
 *   System.out.println(server.uri().resolve("/memory/status"));
 * }
 * }
 *
 * <p>Queues, leases and pools are known only as {@link io.ullage.core.StatusSource}s: whatever
 * registers itself is shown.
 */
@NullMarked
package io.ullage.observe;

import org.jspecify.annotations.NullMarked;
