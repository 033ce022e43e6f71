package io.ullage.bench.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads JSON into maps, lists, strings, numbers and booleans. */
public final class JsonTree {
  private JsonTree() {}

  /**
   * The value in a text.
   *
   * @throws IOException if the text is not one JSON value
   */
  public static @Nullable Object parse(String text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      if (parser.nextToken() == null) {
        throw new IOException("empty, not a JSON value");
      }
      @Nullable Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON value");
      }
      return value;
    }
  }

  /** A field of an object; null if the object lacks it or the value is no object. */
  public static @Nullable Object field(@Nullable Object object, String name) {
    return object instanceof Map<?, ?> map ? map.get(name) : null;
  }

  /** A field that must be a string. */
  public static String text(@Nullable Object object, String name) throws IOException {
    if (field(object, name) instanceof String text) {
      return text;
    }
    throw new IOException("lacks the text " + name);
  }

  /** A field that must be a number. */
  public static double number(@Nullable Object object, String name) throws IOException {
    return number(field(object, name), () -> "lacks the number " + name);
  }

  /** The elements of a field; none if the object lacks it. */
  public static List<@Nullable Object> elements(@Nullable Object object, String name) {
    List<@Nullable Object> elements = new ArrayList<>();
    if (field(object, name) instanceof List<?> list) {
      elements.addAll(list);
    }
    return elements;
  }

  /** The fields of an object in a field, in their order; none if the object lacks it. */
  public static Map<String, @Nullable Object> fields(@Nullable Object object, String name) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (field(object, name) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> fields.put(String.valueOf(key), value));
    }
    return fields;
  }

  /** A number; JMH writes {@code "NaN"} as text. */
  static double number(@Nullable Object value, java.util.function.Supplier<String> complaint)
      throws IOException {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text when text.equals("NaN") -> Double.NaN;
      case null, default -> throw new IOException(complaint.get());
    };
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (Objects.requireNonNull(parser.currentToken())) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IOException("unexpected " + parser.currentToken());
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return fields;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }
}
