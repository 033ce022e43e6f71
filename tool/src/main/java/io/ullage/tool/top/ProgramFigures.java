package io.ullage.tool.top;

import io.ullage.core.ComponentFigures;
import io.ullage.core.MemoryFigures;
import io.ullage.core.MemorySnapshot;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one program.
 *
 * @param file where they were read
 * @param pid its process id
 * @param alive whether it still runs
 * @param snapshot its components
 */
public record ProgramFigures(Path file, long pid, boolean alive, MemorySnapshot snapshot) {
  private static final String ROOT = "root";

  /** The same figures, of a program that is no more. */
  ProgramFigures ended() {
    return new ProgramFigures(file, pid, false, snapshot);
  }

  /** The fields of its JSON line. */
  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("pid", pid);
    ComponentFigures root = snapshot.components().get(ROOT);
    fields.put("limit_bytes", root == null ? null : limit(root));
    fields.put("reserved_bytes", root == null ? 0L : root.total().reservedBytes());
    Map<String, Object> components = new LinkedHashMap<>();
    snapshot.components().forEach((path, figures) -> components.put(path, component(figures)));
    fields.put("components", components);
    fields.put("alive", alive);
    fields.put("exact", snapshot.exact());
    fields.put("file", file.toString());
    return fields;
  }

  private static Map<String, @Nullable Object> component(ComponentFigures figures) {
    MemoryFigures total = figures.total();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("limit_bytes", limit(figures));
    fields.put("used_bytes", total.usedBytes());
    fields.put("reserved_bytes", total.reservedBytes());
    fields.put("peak_reserved_bytes", figures.peakReservedBytes());
    fields.put("external_bytes", total.externalBytes());
    fields.put("allocated_bytes_total", total.allocatedBytes());
    fields.put("deallocated_bytes_total", total.freedBytes());
    fields.put("allocated_objects_total", total.allocations());
    fields.put("deallocated_objects_total", total.frees());
    fields.put("refusals_total", total.refusals());
    fields.put("backpressure_nanos_total", total.backpressureNanos());
    return fields;
  }

  private static @Nullable Long limit(ComponentFigures figures) {
    return figures.limitBytes() == Long.MAX_VALUE ? null : figures.limitBytes();
  }
}
