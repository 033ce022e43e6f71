package io.ullage.tool.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a run so far; its end result when it has ended.
 *
 * <p>Each figure has one writing thread and is read by any: plain volatile fields.
 */
final class RunLedger {
  private final long limitBytes;
  private final String leaseKey;
  private final List<String> violations = new ArrayList<>();
  private volatile long bytesIn;
  private volatile long bytesOut;
  private volatile @Nullable String sha256In;
  private volatile @Nullable String sha256Out;
  private volatile long peakReservedBytes;
  private volatile long spilledBytes;
  private volatile long fetchedBytes;
  private volatile long elapsedNanos;
  private volatile long backpressureNanos;
  private volatile long leaseToken;
  private volatile long leaseRenewals;

  RunLedger(long limitBytes, String leaseKey) {
    this.limitBytes = limitBytes;
    this.leaseKey = leaseKey;
  }

  String leaseKey() {
    return leaseKey;
  }

  void bytesIn(long bytes) {
    bytesIn = bytes;
  }

  long bytesIn() {
    return bytesIn;
  }

  void bytesOut(long bytes) {
    bytesOut = bytes;
  }

  long bytesOut() {
    return bytesOut;
  }

  void sha256In(String digest) {
    sha256In = digest;
  }

  void sha256Out(String digest) {
    sha256Out = digest;
  }

  void lease(long token, long renewals) {
    leaseToken = token;
    leaseRenewals = renewals;
  }

  void elapsed(long nanos) {
    elapsedNanos = nanos;
  }

  void peakReserved(long bytes) {
    peakReservedBytes = bytes;
  }

  void backpressure(long nanos) {
    backpressureNanos = nanos;
  }

  void spilled(long spilled, long fetched) {
    spilledBytes = spilled;
    fetchedBytes = fetched;
  }

  @Nullable String sha256In() {
    return sha256In;
  }

  @Nullable String sha256Out() {
    return sha256Out;
  }

  long peakReservedBytes() {
    return peakReservedBytes;
  }

  long limitBytes() {
    return limitBytes;
  }

  long spilledBytes() {
    return spilledBytes;
  }

  long fetchedBytes() {
    return fetchedBytes;
  }

  long elapsedNanos() {
    return elapsedNanos;
  }

  long backpressureNanos() {
    return backpressureNanos;
  }

  long leaseToken() {
    return leaseToken;
  }

  long leaseRenewals() {
    return leaseRenewals;
  }

  /** Notes an invariant that did not hold. */
  void violation(String what) {
    violations.add(what);
  }

  /** Whether all bytes came out as they went in. */
  boolean hasArrivedUnchanged(long totalBytes) {
    return bytesIn == totalBytes
        && bytesOut == totalBytes
        && sha256In != null
        && sha256In.equals(sha256Out);
  }

  /** Compares what went in with what came out, and the peak with the limit. */
  List<String> checkInvariants(long totalBytes) {
    if (bytesIn != totalBytes || bytesOut != totalBytes) {
      violation("%d bytes in and %d out of %d".formatted(bytesIn, bytesOut, totalBytes));
    }
    if (sha256In == null || !Objects.equals(sha256In, sha256Out)) {
      violation("digests differ: in %s, out %s".formatted(sha256In, sha256Out));
    }
    if (peakReservedBytes > limitBytes) {
      violation("peak of %d bytes above the limit of %d".formatted(peakReservedBytes, limitBytes));
    }
    return List.copyOf(violations);
  }

  /** The figures for the JSON object, without {@code ok} and {@code error}. */
  Map<String, @Nullable Object> figures() {
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("bytes_in", bytesIn);
    figures.put("bytes_out", bytesOut);
    figures.put("sha256_in", sha256In);
    figures.put("sha256_out", sha256Out);
    figures.put("limit_bytes", limitBytes);
    figures.put("peak_reserved_bytes", peakReservedBytes);
    figures.put("peak_rss_bytes", peakRssBytes());
    figures.put("spilled_bytes", spilledBytes);
    figures.put("fetched_bytes", fetchedBytes);
    figures.put("elapsed_seconds", seconds(elapsedNanos));
    figures.put("backpressure_seconds", seconds(backpressureNanos));
    figures.put("lease_key", leaseKey);
    figures.put("lease_token", leaseToken);
    figures.put("lease_renewals", leaseRenewals);
    return figures;
  }

  private static @Nullable Long peakRssBytes() {
    var peak = ProcessMemory.peakResidentBytes();
    return peak.isPresent() ? peak.getAsLong() : null;
  }

  private static double seconds(long nanos) {
    return Math.round(nanos / 1e6) / 1e3;
  }
}
