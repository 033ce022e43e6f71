package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.util.List;

/**
 * The body of {@code /health}: every problem that a source reports, each beginning with its kind
 * and name.
 *
 * @param reasons empty when all is well
 */
public record HealthDocument(List<String> reasons) implements JsonDocument {
  /** Keeps an unmodifiable copy. */
  public HealthDocument {
    reasons = List.copyOf(reasons);
  }

  /**
   * Asks all sources.
   *
   * @param registry where they are registered
   * @return the document
   */
  public static HealthDocument of(ComponentRegistry registry) {
    return new HealthDocument(
        StatusSources.of(registry).answers().stream()
            .filter(answer -> answer.problem() != null)
            .map(answer -> answer.kind() + " " + answer.name() + ": " + answer.problem())
            .toList());
  }

  @Override
  public int httpStatus() {
    return reasons.isEmpty() ? 200 : 503;
  }

  @Override
  public void writeFields(JsonGenerator json) throws IOException {
    json.writeBooleanField("healthy", reasons.isEmpty());
    json.writeFieldName("reasons");
    JsonValues.write(json, reasons);
  }
}
