package io.ullage.spill.internal.store;

import io.ullage.core.ComponentToken;
import io.ullage.core.ExternalCharge;
import io.ullage.core.MemoryLimitException;
import io.ullage.spill.StoreFullException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of memory that a store holds, charged to a component where one was named. Thread-safe.
 */
public final class MemoryCharge implements AutoCloseable {
  private final @Nullable ExternalCharge charge;
  private long bytes;
  private boolean closed;

  private MemoryCharge(@Nullable ExternalCharge charge) {
    this.charge = charge;
  }

  /** Only counts. */
  public static MemoryCharge ofNobody() {
    return new MemoryCharge(null);
  }

  /** Counts, and charges a component. */
  public static MemoryCharge of(ComponentToken token) {
    return new MemoryCharge(token.component().chargeExternal(0));
  }

  /**
   * Takes some more.
   *
   * @throws StoreFullException at a limit of the component; nothing has changed then
   */
  public synchronized void add(long more) throws StoreFullException {
    try {
      adjust(bytes + more);
    } catch (MemoryLimitException refusal) {
      throw new StoreFullException("no memory for the store: " + refusal.getMessage(), refusal);
    }
  }

  /** Gives some back. */
  public synchronized void subtract(long less) {
    adjust(bytes - less);
  }

  private void adjust(long newBytes) {
    if (charge != null && !closed) {
      charge.adjust(newBytes);
    }
    bytes = newBytes;
  }

  /** {@return what is held} */
  public synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (charge != null) {
      charge.close();
    }
  }
}
