package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The body of {@code /queues} or {@code /leases}: what all sources of one kind say.
 *
 * @param field the name of the array
 * @param sources what the sources said
 */
public record SourcesDocument(String field, List<Map<String, Object>> sources)
    implements JsonDocument {
  /**
   * Asks all sources of one kind.
   *
   * @param registry where they are registered
   * @param kind which kind
   * @param field the name of the array in the document
   * @return the document
   */
  public static SourcesDocument of(ComponentRegistry registry, String kind, String field) {
    return new SourcesDocument(
        field,
        StatusSources.of(registry).ofKind(kind).stream()
            .map(StatusSources.Answer::document)
            .toList());
  }

  @Override
  public void writeFields(JsonGenerator json) throws IOException {
    json.writeFieldName(field);
    JsonValues.write(json, sources);
  }
}
