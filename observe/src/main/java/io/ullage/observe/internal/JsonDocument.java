package io.ullage.observe.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What a response says: one JSON object. */
public interface JsonDocument {
  /**
   * Writes the fields of the object, whose braces the caller writes.
   *
   * @param json where to write
   * @throws IOException when the receiver is gone
   */
  void writeFields(JsonGenerator json) throws IOException;

  /**
   * The status of the response.
   *
   * @return 200, unless the document reports that something is wrong
   */
  default int httpStatus() {
    return 200;
  }
}
