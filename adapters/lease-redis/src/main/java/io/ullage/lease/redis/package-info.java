/**
 * Leases among hosts, on a Redis or Valkey server that its users already run. {@link
 * io.ullage.lease.redis.RedisLeaseStore} is a {@link io.ullage.lease.LeaseStore}; {@link
 * io.ullage.lease.LeaseStores#open} finds it by URIs of the schemes {@code redis} and {@code
 * rediss}.
 *
 * {@snippet :
 * try (LeaseStore store = LeaseStores.open(URI.create("redis://leases.example:6379/orders"));
 *     LeaseManager leases = LeaseManager.builder(store).ttl(Duration.ofSeconds(10)).build()) {
 *   leases.run("compaction", WorkflowOptions.defaults(), lease -> compact(lease.token()));
 * }
 * }
 */
@NullMarked
package io.ullage.lease.redis;

import org.jspecify.annotations.NullMarked;
