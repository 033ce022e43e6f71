package io.ullage.tool.run;

import io.ullage.tool.terminal.FixedSize;
import java.util.Locale;

/** What a person reads at the end of a run that succeeded. */
final class RunSummary {
  private RunSummary() {}

  static String of(RunLedger ledger) {
    double seconds = Math.max(1, ledger.elapsedNanos()) / 1e9;
    StringBuilder text = new StringBuilder();
    line(
        text,
        "streamed",
        "%s in %.1f s, %s/s"
            .formatted(
                size(ledger.bytesOut()), seconds, size((long) (ledger.bytesOut() / seconds))));
    line(text, "sha256 in", ledger.sha256In() + "  (" + ledger.bytesIn() + " bytes)");
    line(text, "sha256 out", ledger.sha256Out() + "  (" + ledger.bytesOut() + " bytes)");
    String rss =
        ProcessMemory.peakResidentBytes().isPresent()
            ? ", process peak RSS " + size(ProcessMemory.peakResidentBytes().getAsLong())
            : "";
    line(
        text,
        "reserved",
        "peak %s of %s%s"
            .formatted(size(ledger.peakReservedBytes()), size(ledger.limitBytes()), rss));
    line(
        text,
        "queue",
        "%s spilled, %s fetched"
            .formatted(size(ledger.spilledBytes()), size(ledger.fetchedBytes())));
    line(text, "waited", "%.1f s for memory".formatted(ledger.backpressureNanos() / 1e9));
    line(
        text,
        "lease",
        "%s, token %d, renewed %d times"
            .formatted(ledger.leaseKey(), ledger.leaseToken(), ledger.leaseRenewals()));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-11s %s%n", name, value));
  }

  private static String size(long bytes) {
    return FixedSize.of(bytes);
  }
}
