package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** Writes JSON documents as bytes. */
public final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String TYPE = "application/json";

  private JsonText() {}

  /**
   * A document as a response.
   *
   * @param document what to write
   * @return a response with its status
   * @throws IOException never, for memory does not fail to take bytes
   */
  public static Content content(JsonDocument document) throws IOException {
    return new Content(document.httpStatus(), TYPE, bytes(document), Map.of());
  }

  static Content failure(RuntimeException failure) throws IOException {
    return new Content(
        500, TYPE, bytes(json -> json.writeStringField("error", failure.toString())), Map.of());
  }

  /**
   * A document as UTF-8 text.
   *
   * @param document what to write
   * @return one JSON object
   * @throws IOException never, for memory does not fail to take bytes
   */
  public static byte[] bytes(JsonDocument document) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(body)) {
      json.writeStartObject();
      document.writeFields(json);
      json.writeEndObject();
    }
    return body.toByteArray();
  }
}
