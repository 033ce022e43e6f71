package io.ullage.core.limiter;

import io.ullage.core.StatusSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What monitoring sees of a limiter. */
record LimiterStatus(MemoryLimiter limiter) implements StatusSource {
  @Override
  public String kind() {
    return "limiter";
  }

  @Override
  public String name() {
    return "limiter";
  }

  @Override
  public Map<String, Object> status() {
    LimiterStatistics statistics = limiter.statistics();
    List<Map<String, Object>> sources = new ArrayList<>();
    for (SourcePressure pressure : statistics.sources()) {
      Map<String, Object> source = new LinkedHashMap<>();
      source.put("name", pressure.source());
      source.put("readable", pressure.reading().isPresent());
      pressure
          .reading()
          .ifPresent(
              reading -> {
                source.put("used_bytes", reading.usedBytes());
                if (reading.limitBytes() != Long.MAX_VALUE) {
                  source.put("limit_bytes", reading.limitBytes());
                }
                source.put("ratio", reading.ratio());
              });
      sources.add(Collections.unmodifiableMap(source));
    }
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("delay_nanos", statistics.currentDelay().toNanos());
    status.put("delays_total", statistics.delays());
    status.put("delayed_nanos_total", statistics.delayed().toNanos());
    status.put("longest_delay_nanos", statistics.longestDelay().toNanos());
    status.put("sources", List.copyOf(sources));
    return Collections.unmodifiableMap(status);
  }
}
