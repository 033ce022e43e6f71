package io.ullage.lease;

import io.ullage.lease.internal.ChronicleRecords;
import io.ullage.lease.internal.RecordHandle;
import io.ullage.lease.internal.RecordStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases among all processes of a host, in shared memory: a Chronicle Map file that is mapped, one
 * compare-and-set for each change of a lease, and a sidecar file whose locks the kernel frees when
 * a process dies, however it dies. A dead owner's lease is free at once, that of a stopped one only
 * when its TTL ends.
 *
 * <p>Linux only. The JVM needs the options of {@code jvm.options}; those that are missing are named
 * when the store is opened. The path is the sidecar file; the records lie beside it under names
 * that begin with it. Files are made with mode 0600, a missing folder with 0700; symbolic links are
 * refused. All processes must live under one boot and in one time namespace, not necessarily in one
 * PID namespace.
 *
 * <p>Opening takes some milliseconds; the first key that nobody used before takes Chronicle Map's
 * start, which is below a second. Acquiring and releasing take some 100 ns. A JVM opens a path
 * once, and its managers share the store. Thread-safe.
 */
public final class ChronicleLeaseStore implements ClockedStore {
  /** For how many keys a store is made unless told otherwise. */
  public static final long DEFAULT_ENTRIES = 4096;

  private final ChronicleRecords records;
  private final RecordStore store;
  private volatile boolean closed;

  private ChronicleLeaseStore(ChronicleRecords records) {
    this.records = records;
    this.store =
        new RecordStore(
            records.process(),
            records,
            records.tokens(),
            SYSTEM_CLOCK::getAsLong,
            InstantSource.system());
  }

  /**
   * Opens a store, or makes it for {@link #DEFAULT_ENTRIES} keys.
   *
   * @param path the sidecar file
   * @return an open store
   * @throws LeaseStoreException saying what is wrong and what to do
   */
  public static ChronicleLeaseStore open(Path path) {
    return open(path, DEFAULT_ENTRIES);
  }

  /**
   * Opens a store, or makes it.
   *
   * @param path the sidecar file
   * @param entries for how many keys, if it is made; keys are never removed. 1 to 1,000,000; 1 KiB
   *     of disk each
   * @return an open store
   * @throws LeaseStoreException saying what is wrong and what to do
   */
  public static ChronicleLeaseStore open(Path path, long entries) {
    return new ChronicleLeaseStore(ChronicleRecords.open(path, checkEntries(entries)));
  }

  /**
   * Opens a store as {@link #open(Path)} does, except that one of an earlier boot of the host is
   * rebuilt first: nobody who holds a lease in it can still be alive.
   *
   * @param path the sidecar file
   * @return an open store
   * @throws LeaseStoreException saying what is wrong and what to do
   */
  public static ChronicleLeaseStore openAcrossBoots(Path path) {
    try {
      return open(path);
    } catch (LeaseStoreException e) {
      if (e.fault() != StoreFault.OTHER_BOOT) {
        throw e;
      }
      ChronicleRecords.rebuildOtherBoot(path, DEFAULT_ENTRIES);
      return open(path);
    }
  }

  /**
   * Replaces a store that cannot be opened (damaged, from another boot, from another version) by an
   * empty one. Tokens go on above every token that the old one can have given out, as far as
   * anything is left of it; if nothing is, above what the wall clock allows for. Refused while any
   * process has the store open.
   *
   * @param path the sidecar file
   * @param entries for how many keys
   * @throws LeaseStoreException if it is open somewhere, or cannot be written
   */
  public static void rebuild(Path path, long entries) {
    ChronicleRecords.rebuild(path, checkEntries(entries));
  }

  private static long checkEntries(long entries) {
    if (entries < 1 || entries > 1_000_000) {
      throw new IllegalArgumentException("entries: " + entries + "; allowed: 1 to 1000000");
    }
    return entries;
  }

  @Override
  public @Nullable LeaseGrant tryAcquire(LeaseRequest request) {
    return tryAcquire(
        prepare(request.key()),
        request.ttlNanos(),
        request.note(),
        request.waiting(),
        SYSTEM_CLOCK.getAsLong());
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
    RecordStore opened = open();
    try {
      LeaseGrant grant = opened.tryAcquire(place, ttlNanos, note, waiting, nowNanos);
      if (grant == null) {
        RecordStore.letErrorsSurface();
      }
      return grant;
    } catch (InternalError e) {
      throw RecordStore.cutShort(e);
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A clock is itself; it has no value.
  public boolean isOn(LongSupplier clock) {
    return clock == SYSTEM_CLOCK;
  }

  @Override
  public Optional<LeaseView> peek(String key) {
    RecordStore opened = open();
    LeaseRequest.checkKey(key);
    return answer(() -> opened.peek(key));
  }

  @Override
  public List<LeaseView> list() {
    return answer(open()::list);
  }

  @Override
  public boolean revoke(String key, String reason) {
    RecordStore opened = open();
    LeaseRequest.checkKey(key);
    return answer(() -> opened.revoke(key, reason));
  }

  private static <T> T answer(Supplier<T> question) {
    try {
      T answer = question.get();
      RecordStore.letErrorsSurface();
      return answer;
    } catch (InternalError e) {
      throw RecordStore.cutShort(e);
    }
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public void close() {
    synchronized (records) {
      if (closed) {
        return;
      }
      closed = true;
    }
    records.close();
  }

  private RecordStore open() {
    if (closed) {
      throw new IllegalStateException("the lease store is closed");
    }
    return store;
  }
}
