package io.ullage.observe.internal;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.StatusSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the registered status sources said, each asked once; one that fails to answer is reported as
 * such and does not hide the others.
 *
 * @param answers in the order of registration
 */
record StatusSources(List<Answer> answers) {
  /** A store that took only a part is asked again, and works. */
  private static final Set<String> WORKING_STORE = Set.of("ok", "partial");

  /**
   * One source's answer.
   *
   * @param kind what sort of thing it is
   * @param name which one
   * @param status what it said, empty when it failed
   * @param problem why it is not healthy, null when it is
   */
  record Answer(String kind, String name, Map<String, Object> status, @Nullable String problem) {
    Map<String, Object> document() {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("name", name);
      document.putAll(status);
      if (problem != null) {
        document.put("problem", problem);
      }
      return document;
    }
  }

  static StatusSources of(ComponentRegistry registry) {
    List<Answer> answers = new ArrayList<>();
    for (StatusSource source : registry.statusSources()) {
      answers.add(ask(source));
    }
    return new StatusSources(List.copyOf(answers));
  }

  private static Answer ask(StatusSource source) {
    String kind = source.kind();
    String name = source.name();
    try {
      Map<String, Object> status = source.status();
      return new Answer(kind, name, status, problemOf(status));
    } catch (RuntimeException failure) {
      return new Answer(kind, name, Map.of(), "its status cannot be had: " + failure);
    }
  }

  /** What the source itself calls a problem, or the state of its store if that is one. */
  private static @Nullable String problemOf(Map<String, Object> status) {
    Object problem = status.get("problem");
    if (problem != null) {
      return problem.toString();
    }
    Object state = status.getOrDefault("store_state", "ok");
    if (WORKING_STORE.contains(state.toString())) {
      return null;
    }
    Object message = status.getOrDefault("store_message", "");
    return "store " + state + (message.toString().isEmpty() ? "" : ": " + message);
  }

  List<Answer> ofKind(String kind) {
    return answers.stream().filter(answer -> answer.kind().equals(kind)).toList();
  }

  @Nullable Object first(String kind) {
    List<Answer> ofKind = ofKind(kind);
    return ofKind.isEmpty() ? null : ofKind.getFirst().document();
  }

  long sum(String kind, String field) {
    long sum = 0;
    for (Answer answer : ofKind(kind)) {
      if (answer.status().get(field) instanceof Number number) {
        sum += number.longValue();
      }
    }
    return sum;
  }
}
