package io.ullage.lease;

import io.ullage.lease.internal.HeapLeaseRecord;
import io.ullage.lease.internal.LeaseRecord;
import io.ullage.lease.internal.OwnerWord;
import io.ullage.lease.internal.RecordDirectory;
import io.ullage.lease.internal.RecordHandle;
import io.ullage.lease.internal.RecordStore;
import io.ullage.lease.internal.TokenCeiling;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases among the threads of one program, on the heap: for tests, and for programs that want
 * deadlines and tokens without another process. The record protocol is that of {@link
 * ChronicleLeaseStore}. Thread-safe; keys are never removed.
 */
public final class HeapLeaseStore implements ClockedStore {
  private final Records records = new Records();
  private final LongSupplier clock;
  private final RecordStore store;
  private volatile boolean closed;

  /** Makes an empty store on the system's monotonic clock. */
  public HeapLeaseStore() {
    this(SYSTEM_CLOCK);
  }

  /**
   * Makes an empty store on a clock of the caller's.
   *
   * @param nanoClock a monotonic clock in nanoseconds, never negative
   */
  public HeapLeaseStore(LongSupplier nanoClock) {
    this(nanoClock, InstantSource.system());
  }

  /** On a wall clock of a test's, which decides nothing. */
  HeapLeaseStore(LongSupplier nanoClock, InstantSource wallClock) {
    clock = nanoClock;
    store =
        new RecordStore(
            OwnerWord.process(0, 1), records, token -> {}, nanoClock::getAsLong, wallClock);
  }

  @Override
  public @Nullable LeaseGrant tryAcquire(LeaseRequest request) {
    return tryAcquire(
        prepare(request.key()),
        request.ttlNanos(),
        request.note(),
        request.waiting(),
        clock.getAsLong());
  }

  @Override
  public RecordHandle prepare(String key) {
    return open().prepare(key);
  }

  @Override
  public boolean isPrepared(String key) {
    return records.known(key) != null;
  }

  @Override
  public @Nullable LeaseGrant tryAcquire(
      RecordHandle place, long ttlNanos, String note, boolean waiting, long nowNanos) {
    return open().tryAcquire(place, ttlNanos, note, waiting, nowNanos);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A clock is itself; it has no value.
  public boolean isOn(LongSupplier clock) {
    return clock == this.clock;
  }

  @Override
  public Optional<LeaseView> peek(String key) {
    return open().peek(LeaseRequest.checkKey(key));
  }

  @Override
  public List<LeaseView> list() {
    return open().list();
  }

  @Override
  public boolean revoke(String key, String reason) {
    return open().revoke(LeaseRequest.checkKey(key), reason);
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public void close() {
    closed = true;
  }

  private RecordStore open() {
    if (closed) {
      throw new IllegalStateException("the lease store is closed");
    }
    return store;
  }

  private static final class Records implements RecordDirectory {
    private final ConcurrentMap<String, RecordHandle> byKey = new ConcurrentHashMap<>();

    @Override
    public @Nullable RecordHandle known(String key) {
      return byKey.get(key);
    }

    @Override
    public RecordHandle findOrInsert(String key) {
      return byKey.computeIfAbsent(key, missing -> new Handle());
    }

    @Override
    public @Nullable RecordHandle find(String key) {
      return byKey.get(key);
    }

    @Override
    public Collection<String> keys() {
      return List.copyOf(byKey.keySet());
    }

    @Override
    public long pid(long process) {
      return ProcessHandle.current().pid();
    }

    @Override
    public boolean isDead(long process) {
      return false;
    }
  }

  private static final class Handle implements RecordHandle {
    private final HeapLeaseRecord record = new HeapLeaseRecord(TokenCeiling.floorNow());

    @Override
    public LeaseRecord current() {
      return record;
    }

    @Override
    public void reload(boolean mayWait) {
      throw new IllegalStateException("records on the heap never move");
    }
  }
}
