package io.ullage.lease;

import java.util.Map;

/**
 * What a {@link LeaseManager} has done so far; counts only grow, except {@code held}.
 *
 * @param held leases held now
 * @param acquired leases acquired
 * @param takeovers acquisitions whose last holder had not given the key back: it was dead, or its
 *     time had run out
 * @param contended attempts that found the key taken and did not wait, or began to wait
 * @param waitNanos time spent waiting for keys, in vain or not, together
 * @param renewed renewals that succeeded
 * @param lateRenewals renewals that succeeded only after a failed try, or more than a tenth of the
 *     TTL after they were due
 * @param failedRenewals tries that the store did not answer
 * @param released leases given back
 * @param abandonedReleases leases whose release the store did not answer in time
 * @param lost losses by cause
 */
public record LeaseStatistics(
    long held,
    long acquired,
    long takeovers,
    long contended,
    long waitNanos,
    long renewed,
    long lateRenewals,
    long failedRenewals,
    long released,
    long abandonedReleases,
    Map<LossCause, Long> lost) {}
