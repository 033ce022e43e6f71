/**
 * Leases: exclusive ownership with heartbeats, deadlines and fencing tokens.
 *
 * <p>A {@link io.ullage.lease.LeaseManager} acquires leases from a {@link
 * io.ullage.lease.LeaseStore}, renews all of them from one thread and fires their loss from
 * another. {@link io.ullage.lease.LeaseManager#run} does a piece of work under a lease and
 * interrupts it when the lease is lost or its deadline has come, with a {@link
 * io.ullage.lease.LossCause}. What the work protects stands behind a {@link
 * io.ullage.lease.FenceGuard}, which refuses holders that have been replaced.
 *
 * <p>{@link io.ullage.lease.ChronicleLeaseStore} is for any number of processes of one host; {@link
 * io.ullage.lease.HeapLeaseStore} for one process. {@link io.ullage.lease.LeaseStores} opens stores
 * by URI, those of other modules included.
 *
 * {@snippet :
 * FenceGuard table = new FenceGuard(); // stands before the resource, wherever that is
 * try (LeaseStore store = ChronicleLeaseStore.open(folder.resolve("leases"));
 *     LeaseManager leases = LeaseManager.builder(store).ttl(Duration.ofSeconds(3)).build()) {
 *   String result =
 *       leases.run(
 *           "compaction/orders",
 *           WorkflowOptions.defaults().withDeadline(Duration.ofMinutes(1)),
 *           lease -> {
 *             table.check(lease.token());
 *             return lease.key() + " is ours: " + lease.isValid();
 *           });
 * }
 * }
 *
 * <p>This module is for the class path: Chronicle Map cannot run as a named module.
 */
@NullMarked
package io.ullage.lease;

import org.jspecify.annotations.NullMarked;
