package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The records of a store that many processes share: a sidecar, one generation file, and for each
 * key that was met the address of its record.
 *
 * <p>A key is found by scanning the generation file once and later by the sidecar's count of
 * inserts, without any lock. Chronicle Map is opened only to insert one, under the header lock, so
 * its own locks are never contended and one that is found taken belongs to somebody who died.
 */
public final class ChronicleRecords implements RecordDirectory, TokenCeiling, AutoCloseable {
  /** By how much the ceiling is raised at once: one write for a million acquisitions. */
  static final long TOKEN_RESERVE = 1L << 20;

  /** How long a change of the store by others may take before a question about it fails. */
  private static final long MOVE_WAIT_NANOS = 100_000_000;

  private final SidecarSession session;
  private final ProcessIdentity self;
  private final long process;
  private final Owners owners;
  private final ConcurrentMap<String, Handle> byKey = new ConcurrentHashMap<>();
  private final ReentrantLock refreshing = new ReentrantLock();
  private final List<RecordFile> retired = new ArrayList<>();
  private volatile long tokenCeiling;
  private RecordFile file;
  private long scannedInserts;
  private @Nullable ChronicleFile chronicle;

  private ChronicleRecords(
      SidecarSession session, ProcessIdentity self, RecordFile file, SidecarHeader header) {
    this.session = session;
    this.self = self;
    this.file = file;
    this.tokenCeiling = header.tokenCeiling();
    this.process = session.claimSlot(self);
    this.owners = new Owners(session, self, process, System::nanoTime);
    scan(header);
  }

  /**
   * Opens a store, or makes it.
   *
   * @param path the sidecar
   * @param entries for how many keys, if it is made
   * @return its records
   */
  public static ChronicleRecords open(Path path, long entries) {
    RequiredJvmOptions.check();
    ProcessIdentity self = ProcessIdentity.current();
    StoreFiles files = new StoreFiles(path);
    try {
      files.createDirectory();
      if (!StoreFiles.exists(files.sidecar())) {
        SidecarSession.create(files, self, StoreBuilder.emptyHeader(self, entries));
      }
      return open(SidecarSession.open(files), self);
    } catch (IOException e) {
      throw new LeaseStoreException(
          StoreFault.ACCESS, "the lease store " + path + " cannot be opened: " + e, e);
    }
  }

  private static ChronicleRecords open(SidecarSession session, ProcessIdentity self)
      throws IOException {
    RecordFile file = null;
    boolean opened = false;
    try {
      SidecarHeader header = session.header();
      StoreBuilder.requireSameClock(header, self);
      if (header.generation() == 0) {
        header = StoreBuilder.createGeneration(session, self);
      }
      file = openGeneration(session, header);
      ChronicleRecords records = new ChronicleRecords(session, self, file, header);
      opened = true;
      return records;
    } finally {
      if (!opened) {
        if (file != null) {
          file.close();
        }
        session.close();
      }
    }
  }

  private static RecordFile openGeneration(SidecarSession session, SidecarHeader header)
      throws IOException {
    Path path = session.files().generation(header.generation());
    if (!StoreFiles.exists(path)) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store's file " + path + " is missing; rebuild the store");
    }
    return RecordFile.open(path, header.generation(), header.fileBytes());
  }

  /**
   * Replaces a store that cannot be opened.
   *
   * @param path the sidecar
   * @param entries for how many keys
   */
  public static void rebuild(Path path, long entries) {
    rebuild(path, entries, false);
  }

  /**
   * Replaces a store of another boot; does nothing to one of this boot.
   *
   * @param path the sidecar
   * @param entries for how many keys
   */
  public static void rebuildOtherBoot(Path path, long entries) {
    rebuild(path, entries, true);
  }

  private static void rebuild(Path path, long entries, boolean onlyOtherBoot) {
    try {
      StoreBuilder.rebuild(path, entries, onlyOtherBoot);
    } catch (IOException e) {
      throw new LeaseStoreException(
          StoreFault.ACCESS, "the lease store " + path + " cannot be rebuilt: " + e, e);
    }
  }

  /**
   * Who this process is in owner words.
   *
   * @return the process
   */
  public long process() {
    return process;
  }

  @Override
  public @Nullable RecordHandle known(String key) {
    return byKey.get(key);
  }

  @Override
  public RecordHandle findOrInsert(String key) {
    RecordHandle existing = find(key);
    return existing != null ? existing : insert(key);
  }

  @Override
  public @Nullable RecordHandle find(String key) {
    Handle found = byKey.get(key);
    if (found == null) {
      refresh();
      found = byKey.get(key);
    }
    return found;
  }

  @Override
  public Collection<String> keys() {
    refresh();
    return List.copyOf(byKey.keySet());
  }

  @Override
  public long pid(long owner) {
    return owners.pid(owner);
  }

  @Override
  public boolean isDead(long owner) {
    return owners.isDead(owner);
  }

  @Override
  public void cover(long token) {
    if (token <= LEAST_TOKEN) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED,
          "the lease store's file "
              + session.files().sidecar()
              + " was overwritten (token "
              + token
              + "); rebuild it");
    }
    if (token <= tokenCeiling) {
      return;
    }
    locked(
        header -> {
          if (token > header.tokenCeiling()) {
            header = header.withTokenCeiling(token + TOKEN_RESERVE);
            session.writeHeader(header, true);
          }
          tokenCeiling = header.tokenCeiling();
          return true;
        });
  }

  private RecordHandle insert(String key) {
    return locked(
        header -> {
          follow(header);
          Handle found = byKey.get(key);
          if (found != null) {
            return found;
          }
          if (header.inserting()) {
            header = move(header);
          }
          try {
            insert(key, header);
          } catch (LeaseStoreException e) {
            if (e.fault() != StoreFault.DAMAGED) {
              throw e;
            }
            insert(key, move(header));
          }
          return handle(key);
        });
  }

  private Handle handle(String key) {
    Handle handle = byKey.get(key);
    if (handle == null) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store lost key '" + key + "'; rebuild it");
    }
    return handle;
  }

  private void insert(String key, SidecarHeader header) {
    ChronicleFile map = chronicle;
    if (map == null) {
      map = ChronicleFile.open(file.path(), header.entries());
      chronicle = map;
    }
    session.writeHeader(header.withInserts(header.inserts(), true), false);
    try {
      map.insert(key, header.tokenFloor());
    } catch (LeaseStoreException e) {
      if (e.fault() == StoreFault.FULL) {
        session.writeHeader(header, false);
      }
      throw e;
    }
    refreshing.lock();
    try {
      // Under the header lock, and after following the header: nothing else is new.
      file.scan(
          RecordLayout.PENDING,
          (pending, record) -> {
            record.publish();
            byKey.putIfAbsent(pending, new Handle(record, file));
          });
      session.writeHeader(header.withInserts(header.inserts() + 1, false), false);
      scannedInserts = header.inserts() + 1;
    } finally {
      refreshing.unlock();
    }
  }

  /** Moves everything to a new file, because the locks of the old one are orphaned. */
  private SidecarHeader move(SidecarHeader header) throws IOException {
    closeChronicle();
    SidecarHeader moved = StoreBuilder.move(session, self, file, header);
    follow(moved);
    return moved;
  }

  private void closeChronicle() {
    ChronicleFile map = chronicle;
    chronicle = null;
    if (map != null) {
      map.close();
    }
  }

  /** Looks for keys that other processes inserted since. */
  private void refresh() {
    SidecarHeader header = session.header();
    refreshing.lock();
    try {
      follow(header);
    } catch (IOException e) {
      throw new LeaseStoreException(
          StoreFault.UNAVAILABLE, "the lease store cannot be read: " + e, e);
    } finally {
      refreshing.unlock();
    }
  }

  /** Makes this process see what a header says. */
  private void follow(SidecarHeader header) throws IOException {
    refreshing.lock();
    try {
      if (header.generation() > file.number()) {
        closeChronicle();
        RecordFile next = openGeneration(session, header);
        retired.add(file);
        file = next;
        scan(header);
      } else if (header.inserts() > scannedInserts) {
        scan(header);
      }
    } finally {
      refreshing.unlock();
    }
  }

  private void scan(SidecarHeader header) {
    refreshing.lock();
    try {
      int[] count = {0};
      file.scan(
          RecordLayout.READY,
          (key, record) -> {
            count[0]++;
            Handle handle = byKey.computeIfAbsent(key, missing -> new Handle(record, file));
            if (handle.file != file) {
              handle.moveTo(record, file);
            }
          });
      if (count[0] < header.inserts()) {
        throw new LeaseStoreException(
            StoreFault.DAMAGED,
            "the lease store's file "
                + file.path()
                + " is damaged: it holds "
                + count[0]
                + " of "
                + header.inserts()
                + " records; rebuild it");
      }
      scannedInserts = header.inserts();
    } finally {
      refreshing.unlock();
    }
  }

  private <T> T locked(SidecarSession.HeaderTask<T> task) {
    return locked(SidecarSession.LOCK_WAIT_NANOS, task);
  }

  private <T> T locked(long waitNanos, SidecarSession.HeaderTask<T> task) {
    try {
      return session.underHeaderLock(waitNanos, task);
    } catch (IOException e) {
      throw new LeaseStoreException(
          StoreFault.UNAVAILABLE, "the lease store cannot be changed: " + e, e);
    }
  }

  /** Lets the store go. Threads that still ask it get exceptions, not crashes. */
  @Override
  public void close() {
    refreshing.lock();
    try {
      closeChronicle();
      retired.forEach(RecordFile::close);
      file.close();
    } finally {
      refreshing.unlock();
    }
    session.close();
  }

  /** Where a key's record is; moves along with the store. */
  private final class Handle implements RecordHandle {
    private volatile LeaseRecord record;
    private RecordFile file;

    Handle(LeaseRecord record, RecordFile file) {
      this.record = record;
      this.file = file;
    }

    @Override
    public LeaseRecord current() {
      return record;
    }

    void moveTo(LeaseRecord next, RecordFile nextFile) {
      file = nextFile;
      record = next;
    }

    @Override
    public void reload() {
      LeaseRecord before = record;
      boolean followed =
          locked(
              MOVE_WAIT_NANOS,
              header -> {
                follow(header);
                if (isStill(before)) {
                  // Whoever was moving the store died on the way.
                  follow(move(header));
                }
                return !isStill(before);
              });
      if (!followed) {
        throw new LeaseStoreException(StoreFault.DAMAGED, "a record was lost on its way");
      }
    }

    @SuppressWarnings("ReferenceEquality") // A record is its address; it has no value of its own.
    private boolean isStill(LeaseRecord before) {
      return record == before;
    }
  }
}
