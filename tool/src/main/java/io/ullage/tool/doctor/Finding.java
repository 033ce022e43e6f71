package io.ullage.tool.doctor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * What one check found.
 *
 * @param name what was looked at
 * @param detail what is there
 * @param remedy what to do about it, null when nothing is wrong
 */
record Finding(String name, String detail, @Nullable String remedy) {
  static Finding healthy(String name, String detail) {
    return new Finding(name, detail, null);
  }

  static Finding toDo(String name, String detail, String remedy) {
    return new Finding(name, detail, remedy);
  }

  boolean isHealthy() {
    return remedy == null;
  }

  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("ok", isHealthy());
    fields.put("detail", detail);
    fields.put("remedy", remedy);
    return fields;
  }

  /** The line for a person; in colours where they are on. */
  String toText(Ansi ansi) {
    String mark = "%-5s".formatted(isHealthy() ? "ok" : "TO DO");
    String style = isHealthy() ? "fg(green)" : "bold,fg(yellow)";
    String line =
        ansi.string("@|" + style + " " + mark + "|@") + " %-16s %s".formatted(name, detail);
    return remedy == null ? line : line + ": " + remedy;
  }
}
