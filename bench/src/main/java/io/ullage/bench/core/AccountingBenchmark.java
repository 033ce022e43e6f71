package io.ullage.bench.core;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ThreadAccount;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One charge and its discharge, bounded at three levels, beside counters that bound nothing. Run
 * with {@code -t 1} and {@code -t 2}: all threads work for one component.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class AccountingBenchmark {
  private static final long LIMIT_BYTES = 1L << 30;

  /**
   * {@code ullage}: through a thread's account, by the fence where there is one; {@code
   * ullage-cas}: the same without the fence; {@code ullage-component}: through the component, which
   * looks for the account; {@code none}: nothing at all.
   */
  @Param({
    "ullage",
    "ullage-cas",
    "ullage-component",
    "none",
    "longadder",
    "atomiclong",
    "agrona-getandadd"
  })
  public String impl = "ullage";

  /** Bytes of one charge. */
  @Param("1024")
  public long size = 1024;

  private ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
  private final AtomicLong atomicLong = new AtomicLong();
  private final LongAdder adder = new LongAdder();
  private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(128));

  /** Makes the registry. */
  @Setup
  public void open() {
    var builder = ComponentRegistry.builder().limitBytes(LIMIT_BYTES).withoutCounterFile();
    registry = impl.equals("ullage-cas") ? builder.withoutFence().build() : builder.build();
    registry.component("a").setLimitBytes(LIMIT_BYTES / 2);
    registry.component("a.b").setLimitBytes(LIMIT_BYTES / 4);
  }

  /** Closes the registry. */
  @TearDown
  public void close() {
    registry.close();
  }

  /** What one thread charges through. */
  @State(Scope.Thread)
  public static class Charger {
    private Pair pair = bytes -> {};

    /** Makes the way that the parameter names. */
    @Setup
    public void create(AccountingBenchmark benchmark) {
      Component component = benchmark.registry.component("a.b");
      ThreadAccount account = component.account();
      pair =
          switch (benchmark.impl) {
            case "ullage", "ullage-cas" -> new AccountPair(account);
            case "ullage-component" -> new ComponentPair(component);
            case "none" -> bytes -> {};
            case "longadder" ->
                bytes -> {
                  benchmark.adder.add(bytes);
                  benchmark.adder.add(-bytes);
                };
            case "atomiclong" ->
                bytes -> {
                  benchmark.atomicLong.getAndAdd(bytes);
                  benchmark.atomicLong.getAndAdd(-bytes);
                };
            case "agrona-getandadd" ->
                bytes -> {
                  benchmark.buffer.getAndAddLong(0, bytes);
                  benchmark.buffer.getAndAddLong(0, -bytes);
                };
            default -> throw new IllegalArgumentException("impl: " + benchmark.impl);
          };
    }
  }

  /** Charges and discharges. */
  @Benchmark
  public void pair(Charger charger) {
    charger.pair.run(size);
  }

  private interface Pair {
    void run(long bytes);
  }

  private record AccountPair(ThreadAccount account) implements Pair {
    @Override
    public void run(long bytes) {
      if (!account.tryCharge(bytes)) {
        throw new IllegalStateException("refused");
      }
      account.discharge(bytes);
    }
  }

  private record ComponentPair(Component component) implements Pair {
    @Override
    public void run(long bytes) {
      component.charge(bytes);
      component.discharge(bytes);
    }
  }
}
