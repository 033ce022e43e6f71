package io.ullage.observe.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A number of a status source as a meter. The name of the field says whether it only grows, and its
 * unit: {@code spilled_bytes} becomes {@code ullage.queue.spilled.bytes}, {@code wait_nanos_total}
 * a counter {@code ullage.queue.wait.seconds}. Prometheus puts {@code _total} behind a counter and
 * knows it without, too; so where a source has {@code spilled_bytes} and {@code
 * spilled_bytes_total}, the counter is {@code ullage.queue.spilled.bytes.cumulative}.
 *
 * @param kind the source's kind
 * @param source the source's name
 * @param field the field of its status
 * @param key the key within a map of numbers, or the empty string
 * @param hasGauge whether the source has a field of the same name without {@code _total}
 */
record SourceMeter(String kind, String source, String field, String key, boolean hasGauge) {
  private static final String TOTAL = "_total";
  private static final String NANOS = "_nanos";
  private static final double NANOS_PER_SECOND = 1e9;

  boolean counts() {
    return field.endsWith(TOTAL);
  }

  String name() {
    String stem = stem(field);
    String inSeconds =
        stem.endsWith(NANOS)
            ? stem.substring(0, stem.length() - NANOS.length()) + "_seconds"
            : stem;
    String name = "ullage." + kind + "." + inSeconds.replace('_', '.');
    return counts() && hasGauge ? name + ".cumulative" : name;
  }

  double scaled(double value) {
    return stem(field).endsWith(NANOS) ? value / NANOS_PER_SECOND : value;
  }

  private static String stem(String field) {
    return field.endsWith(TOTAL) ? field.substring(0, field.length() - TOTAL.length()) : field;
  }

  /** All numbers of a status, those of maps of numbers one level down included. */
  static Map<SourceMeter, Double> numbersOf(StatusSources.Answer answer) {
    Map<SourceMeter, Double> numbers = new LinkedHashMap<>();
    answer
        .status()
        .forEach(
            (field, value) -> {
              if (value instanceof Map<?, ?> map) {
                map.forEach((key, inner) -> put(numbers, answer, field, key.toString(), inner));
              } else {
                put(numbers, answer, field, "", value);
              }
            });
    return numbers;
  }

  private static void put(
      Map<SourceMeter, Double> numbers,
      StatusSources.Answer answer,
      String field,
      String key,
      Object value) {
    if (value instanceof Number number) {
      boolean hasGauge = !stem(field).equals(field) && answer.status().containsKey(stem(field));
      SourceMeter meter = new SourceMeter(answer.kind(), answer.name(), field, key, hasGauge);
      numbers.put(meter, meter.scaled(number.doubleValue()));
    }
  }
}
