package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ullage.core.ComponentFigures;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemoryFigures;
import io.ullage.core.MemorySnapshot;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.VerifiedBounds;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /memory/status}: every component, itself and with all below it.
 *
 * <p>What a component is bound to comes from the verified bounds; a component that they do not
 * know, or every one when there are none, has {@code null} there.
 */
public final class MemoryStatusDocument implements JsonDocument {
  private static final String ROOT = "root";

  private final MemorySnapshot snapshot;
  private final @Nullable VerifiedBounds verified;
  private final long poolBytes;
  private final @Nullable Object limiter;

  private MemoryStatusDocument(
      MemorySnapshot snapshot,
      @Nullable VerifiedBounds verified,
      long poolBytes,
      @Nullable Object limiter) {
    this.snapshot = snapshot;
    this.verified = verified;
    this.poolBytes = poolBytes;
    this.limiter = limiter;
  }

  /**
   * Takes the status now.
   *
   * @param registry whose status
   * @param verified the bounds of its components, null when there are none
   * @return the document
   */
  public static MemoryStatusDocument of(
      ComponentRegistry registry, @Nullable VerifiedBounds verified) {
    StatusSources sources = StatusSources.of(registry);
    return new MemoryStatusDocument(
        snapshotOf(registry),
        verified,
        sources.sum("pool", "pool_bytes"),
        sources.first("limiter"));
  }

  /**
   * Figures of one instant: those that can be had without holding anybody up, or else, while
   * writers are too busy for that, those for which they wait some microseconds.
   */
  private static MemorySnapshot snapshotOf(ComponentRegistry registry) {
    MemorySnapshot snapshot = registry.snapshot();
    return snapshot.exact() ? snapshot : registry.exactSnapshot();
  }

  @Override
  public void writeFields(JsonGenerator json) throws IOException {
    ComponentFigures root = snapshot.figures(ROOT).orElseThrow();
    json.writeBooleanField("exact", snapshot.exact());
    if (verified == null) {
      writeLimit(json, "limit_bytes", root.limitBytes());
      writeLimit(json, "effective_limit_bytes", root.limitBytes());
    } else {
      writeLimit(json, "limit_bytes", verified.grant().initialLimitBytes());
      writeLimit(json, "effective_limit_bytes", verified.grant().effectiveLimitBytes());
    }
    json.writeNumberField("reserved_bytes", root.total().reservedBytes());
    json.writeNumberField("used_bytes", root.total().usedBytes());
    json.writeNumberField("pool_bytes", poolBytes);
    json.writeFieldName("limiter");
    JsonValues.write(json, limiter);
    json.writeObjectFieldStart("components");
    for (ComponentFigures figures : snapshot.components().values()) {
      writeComponent(json, figures);
    }
    json.writeEndObject();
  }

  private void writeComponent(JsonGenerator json, ComponentFigures figures) throws IOException {
    ComponentBounds bounds = boundsOf(figures.path());
    json.writeObjectFieldStart(figures.path());
    writeBounds(
        json,
        bounds == null ? null : bounds.ownMinimumBytes(),
        bounds == null ? null : Math.addExact(bounds.ownMinimumBytes(), bounds.ownFirmBytes()));
    writeFigures(json, figures.own());
    json.writeNumberField("peak_reserved_bytes", figures.peakReservedBytes());
    json.writeBooleanField("over_bounds", isOverBounds(figures, bounds));
    json.writeObjectFieldStart("total");
    writeBounds(
        json,
        bounds == null ? null : bounds.totalMinimumBytes(),
        bounds == null ? null : bounds.totalFirmBytes());
    writeFigures(json, figures.total());
    json.writeEndObject();
    json.writeEndObject();
  }

  private @Nullable ComponentBounds boundsOf(String path) {
    return verified == null ? null : verified.bounds().find(path).orElse(null);
  }

  private static boolean isOverBounds(ComponentFigures figures, @Nullable ComponentBounds bounds) {
    long firmBytes = bounds == null ? figures.limitBytes() : bounds.totalFirmBytes();
    return figures.total().reservedBytes() > firmBytes;
  }

  private static void writeBounds(
      JsonGenerator json, @Nullable Long minimumBytes, @Nullable Long firmBytes)
      throws IOException {
    json.writeFieldName("minimum_required_bytes");
    JsonValues.write(json, minimumBytes);
    json.writeFieldName("firm_limit_bytes");
    JsonValues.write(json, firmBytes);
  }

  private static void writeLimit(JsonGenerator json, String name, long limitBytes)
      throws IOException {
    if (limitBytes == Long.MAX_VALUE) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, limitBytes);
    }
  }

  private static void writeFigures(JsonGenerator json, MemoryFigures figures) throws IOException {
    json.writeNumberField("actual_live_bytes", figures.usedBytes());
    json.writeNumberField("reserved_bytes", figures.reservedBytes());
    json.writeNumberField("allocated_bytes_total", figures.allocatedBytes());
    json.writeNumberField("deallocated_bytes_total", figures.freedBytes());
    json.writeNumberField("allocated_objects_total", figures.allocations());
    json.writeNumberField("deallocated_objects_total", figures.frees());
    json.writeNumberField("external_bytes", figures.externalBytes());
    json.writeNumberField("refusals_total", figures.refusals());
    json.writeNumberField("backpressure_nanos_total", figures.backpressureNanos());
  }
}
