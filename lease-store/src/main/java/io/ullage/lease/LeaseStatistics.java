package io.ullage.lease;

import java.util.Map;

/**
 * What a {@link LeaseManager} has done so far; counts only grow, except {@code held}.
 *
 * @param held leases held now
 * @param acquired leases acquired
 * @param contended attempts that found the key taken and did not wait, or began to wait
 * @param waitNanos time that acquisitions spent waiting, together
 * @param renewed renewals that succeeded
 * @param lateRenewals renewals that succeeded only after a failed try
 * @param failedRenewals tries that the store did not answer
 * @param released leases given back
 * @param abandonedReleases leases whose release the store did not answer in time
 * @param lost losses by cause
 */
public record LeaseStatistics(
    long held,
    long acquired,
    long contended,
    long waitNanos,
    long renewed,
    long lateRenewals,
    long failedRenewals,
    long released,
    long abandonedReleases,
    Map<LossCause, Long> lost) {}
