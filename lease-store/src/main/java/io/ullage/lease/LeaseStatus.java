package io.ullage.lease;

import io.ullage.core.StatusSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The leases of a manager, for monitoring: what is in memory, without asking the store. */
final class LeaseStatus implements StatusSource {
  private final String name;
  private final LeaseManager manager;
  private final HeldLeases held;

  LeaseStatus(String name, LeaseManager manager, HeldLeases held) {
    this.name = name;
    this.manager = manager;
    this.held = held;
  }

  @Override
  public String kind() {
    return "lease";
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Object> status() {
    LeaseStatistics counts = manager.statistics();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("held", counts.held());
    status.put("acquired_total", counts.acquired());
    status.put("takeovers_total", counts.takeovers());
    status.put("contended_total", counts.contended());
    status.put("wait_nanos_total", counts.waitNanos());
    status.put("renewed_total", counts.renewed());
    status.put("late_renewals_total", counts.lateRenewals());
    status.put("failed_renewals_total", counts.failedRenewals());
    status.put("released_total", counts.released());
    status.put("abandoned_releases_total", counts.abandonedReleases());
    Map<String, Object> lost = new LinkedHashMap<>();
    for (LossCause cause : LossCause.values()) {
      lost.put(cause.name().toLowerCase(Locale.ROOT), counts.lost().getOrDefault(cause, 0L));
    }
    status.put("lost_total", lost);
    List<Map<String, Object>> leases = new ArrayList<>();
    held.list().stream()
        .sorted(java.util.Comparator.comparing(ManagedLease::key))
        .forEach(lease -> leases.add(describe(lease)));
    status.put("leases", List.copyOf(leases));
    return status;
  }

  private static Map<String, Object> describe(ManagedLease lease) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("key", lease.key());
    fields.put("token", lease.token());
    fields.put("remaining_ms", lease.remaining().toMillis());
    fields.put("renewals", lease.renewals());
    return fields;
  }
}
