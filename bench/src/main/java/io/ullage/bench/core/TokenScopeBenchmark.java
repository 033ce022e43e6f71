package io.ullage.bench.core;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.TokenScope;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Entering a component's scope and leaving it, beside a bare thread-local variable and a scoped
 * value.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class TokenScopeBenchmark {
  private static final ScopedValue<Object> SCOPED = ScopedValue.newInstance();

  /**
   * {@code ullage}: enter and close; {@code ullage-current}: the same with one look at the current
   * token inside; {@code threadlocal}: set and restore; {@code scopedvalue}: where and run; {@code
   * none}: nothing.
   */
  @Param({"ullage", "ullage-current", "threadlocal", "scopedvalue", "none"})
  public String impl = "ullage";

  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ComponentToken token = registry.component("a").token();
  private final ThreadLocal<Optional<Object>> local = ThreadLocal.withInitial(Optional::empty);

  /** Closes the registry. */
  @TearDown
  public void close() {
    registry.close();
  }

  /** Enters and leaves. */
  @Benchmark
  public void scope(Blackhole sink) {
    switch (impl) {
      case "ullage" -> {
        try (TokenScope _ = token.enter()) {
          sink.consume(1);
        }
      }
      case "ullage-current" -> {
        try (TokenScope _ = token.enter()) {
          sink.consume(ComponentToken.current());
        }
      }
      case "threadlocal" -> {
        Optional<Object> before = local.get();
        local.set(Optional.of(token));
        sink.consume(1);
        local.set(before);
      }
      case "scopedvalue" -> ScopedValue.where(SCOPED, token).run(() -> sink.consume(1));
      default -> sink.consume(1);
    }
  }
}
