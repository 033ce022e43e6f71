package io.ullage.tool.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void mapsAFullDiskAndOtherInputOutputErrorsTo74() {
    assertThat(Failure.of(new IOException("No space left on device")))
        .extracting(Failure::exitCode, Failure::error)
        .containsExactly(74, "disk_full");
    assertThat(Failure.of(new FileSystemException("/x", null, "No space left on device")).error())
        .isEqualTo("disk_full");
    assertThat(Failure.of(new UncheckedIOException(new IOException("Input/output error"))))
        .extracting(Failure::exitCode, Failure::error)
        .containsExactly(74, "io");
  }

  @Test
  void mapsWhatNobodyExpectedTo70() {
    assertThat(Failure.of(new IllegalStateException("odd")))
        .isEqualTo(new Failure(70, "internal", "IllegalStateException: odd"));
  }

  @Test
  void keepsMessagesOnOneLine() {
    assertThat(new Failure(1, "failed", "a\n  b\r\nc\n").message()).isEqualTo("a; b; c");
  }

  @Test
  void writesFieldsInTheirOrderAndEscapesText() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("ok", true);
    fields.put("bytes", 1L << 40);
    fields.put("text", "a\"\n");
    fields.put("none", null);
    fields.put("inner", Map.of("list", List.of(1, 2.5)));
    assertThat(JsonLine.of(fields))
        .isEqualTo(
            "{\"ok\":true,\"bytes\":1099511627776,\"text\":\"a\\\"\\n\",\"none\":null,"
                + "\"inner\":{\"list\":[1,2.5]}}");
  }
}
