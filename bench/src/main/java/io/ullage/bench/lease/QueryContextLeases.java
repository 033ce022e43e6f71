package io.ullage.bench.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.values.Values;

/**
 * Deadlines in a Chronicle Map, read and written under the update lock of the key's segment: free
 * is a deadline that has passed.
 */
final class QueryContextLeases implements LeasePeer {
  private static final String KEY = "benchmark";
  private static final String HELD = "held";

  private final Path folder = Files.createTempDirectory("ullage-bench");
  private final ChronicleMap<CharSequence, LongValue> map =
      ChronicleMapBuilder.of(CharSequence.class, LongValue.class)
          .entries(4096)
          .averageKey(KEY)
          .createPersistedTo(folder.resolve("leases").toFile());
  private final ThreadLocal<LongValue> values =
      ThreadLocal.withInitial(() -> Values.newHeapInstance(LongValue.class));
  private volatile long validUntil;

  QueryContextLeases() throws IOException {
    put(KEY, 0);
    renew();
  }

  private void put(String key, long deadline) {
    LongValue value = values.get();
    value.setValue(deadline);
    map.put(key, value);
  }

  /** Replaces a deadline if it is as expected. */
  private boolean replace(String key, boolean mustBeFree, long next) {
    try (ExternalMapQueryContext<CharSequence, LongValue, ?> context = map.queryContext(key)) {
      context.updateLock().lock();
      MapEntry<CharSequence, LongValue> entry = context.entry();
      if (entry == null) {
        throw new IllegalStateException("no entry for " + key);
      }
      if (mustBeFree && entry.value().get().getValue() > System.nanoTime()) {
        return false;
      }
      LongValue value = values.get();
      value.setValue(next);
      context.replaceValue(entry, context.wrapValueAsData(value));
      return true;
    }
  }

  @Override
  public boolean tryAcquireAndRelease() {
    if (!replace(KEY, true, System.nanoTime() + TTL_NANOS)) {
      return false;
    }
    return replace(KEY, false, 0);
  }

  @Override
  public void renew() {
    long until = System.nanoTime() + TTL_NANOS;
    if (validUntil == 0) {
      put(HELD, until);
    } else {
      replace(HELD, false, until);
    }
    validUntil = until;
  }

  @Override
  public boolean isValid() {
    return System.nanoTime() < validUntil;
  }

  @Override
  public long peek() {
    LongValue value = map.getUsing(HELD, values.get());
    return value == null ? 0 : value.getValue();
  }

  @Override
  public void close() throws IOException {
    map.close();
    Folders.delete(folder);
  }
}
