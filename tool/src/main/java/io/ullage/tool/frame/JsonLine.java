package io.ullage.tool.frame;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object on one line, its fields in the order of the map. */
public final class JsonLine {
  private JsonLine() {}

  /**
   * The object as text without a line end.
   *
   * @param fields strings, booleans, numbers, nulls, maps and iterables of these
   */
  public static String of(Map<String, ? extends @Nullable Object> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      write(json, fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Map<?, ?> fields -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          json.writeFieldName(String.valueOf(field.getKey()));
          write(json, field.getValue());
        }
        json.writeEndObject();
      }
      case Iterable<?> values -> {
        json.writeStartArray();
        for (Object element : values) {
          write(json, element);
        }
        json.writeEndArray();
      }
      default -> json.writeString(value.toString());
    }
  }
}
