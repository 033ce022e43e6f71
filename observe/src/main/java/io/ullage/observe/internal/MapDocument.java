package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/**
 * A document that is a tree of maps already.
 *
 * @param tree its fields, in order
 */
public record MapDocument(Map<String, Object> tree) implements JsonDocument {
  @Override
  public void writeFields(JsonGenerator json) throws IOException {
    for (Map.Entry<String, Object> field : tree.entrySet()) {
      json.writeFieldName(field.getKey());
      JsonValues.write(json, field.getValue());
    }
  }
}
