package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The records of a store that many processes share: a sidecar, one generation file, and for each
 * key that was met the address of its record.
 *
 * <p>A key is found by reading the generation file once, and on from there when the sidecar counts
 * more inserts, without any lock. Chronicle Map is opened only to insert one, under the header
 * lock, so its own locks are never contended and one that is found taken belongs to somebody who
 * died.
 */
public final class ChronicleRecords implements RecordDirectory, AutoCloseable {
  private final SidecarSession session;
  private final ProcessIdentity self;
  private final long process;
  private final Owners owners;
  private final ReservedTokens tokens;
  private final RecordIndex index;
  private final UnfinishedMove unfinishedMove = new UnfinishedMove();

  /** Open while keys are inserted; touched under the header lock, and by close. */
  private @Nullable ChronicleFile chronicle;

  private ChronicleRecords(SidecarSession session, ProcessIdentity self, SidecarHeader header)
      throws IOException {
    this.session = session;
    this.self = self;
    this.tokens = new ReservedTokens(session, header.tokenCeiling());
    this.index = new RecordIndex(session.files(), header, this::bring);
    this.process = session.claimSlot(self);
    this.owners = new Owners(session, self, process, System::nanoTime);
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
    boolean opened = false;
    try {
      SidecarHeader header = session.header();
      StoreBuilder.requireSameClock(header, self);
      if (header.generation() == 0) {
        header = StoreBuilder.createGeneration(session, self);
      }
      ChronicleRecords records = new ChronicleRecords(session, self, header);
      opened = true;
      return records;
    } finally {
      if (!opened) {
        session.close();
      }
    }
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

  /**
   * What keeps tokens from going back.
   *
   * @return the ceiling
   */
  public TokenCeiling tokens() {
    return tokens;
  }

  @Override
  public @Nullable RecordHandle known(String key) {
    return index.known(key);
  }

  @Override
  public RecordHandle findOrInsert(String key) {
    RecordHandle existing = find(key);
    return existing != null ? existing : insert(key);
  }

  @Override
  public @Nullable RecordHandle find(String key) {
    RecordHandle found = index.known(key);
    if (found == null) {
      follow(session.header());
      found = index.known(key);
    }
    return found;
  }

  @Override
  public Collection<String> keys() {
    follow(session.header());
    return index.keys();
  }

  @Override
  public long pid(long owner) {
    return owners.pid(owner);
  }

  @Override
  public boolean isDead(long owner) {
    return owners.isDead(owner);
  }

  private void follow(SidecarHeader header) {
    try {
      index.follow(header);
    } catch (IOException e) {
      throw new LeaseStoreException(
          StoreFault.UNAVAILABLE, "the lease store cannot be read: " + e, e);
    }
  }

  private RecordHandle insert(String key) {
    return session.underHeaderLock(
        SidecarSession.LOCK_WAIT_NANOS,
        header -> {
          index.follow(header);
          RecordHandle found = index.known(key);
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
          return index.handle(key);
        });
  }

  private void insert(String key, SidecarHeader header) {
    session.writeHeader(header.withInserts(header.inserts(), true), false);
    try {
      chronicle(header).insert(key, header.tokenFloor());
    } catch (LeaseStoreException e) {
      if (e.fault() == StoreFault.FULL) {
        session.writeHeader(header, false);
      }
      throw e;
    }
    index.publish();
    session.writeHeader(header.withInserts(header.inserts() + 1, false), false);
  }

  private ChronicleFile chronicle(SidecarHeader header) {
    ChronicleFile map = chronicle;
    if (map != null && !map.path().equals(index.file().path())) {
      closeChronicle();
      map = null;
    }
    if (map == null) {
      map = ChronicleFile.open(index.file().path(), header.entries());
      chronicle = map;
    }
    return map;
  }

  private void closeChronicle() {
    ChronicleFile map = chronicle;
    chronicle = null;
    if (map != null) {
      map.close();
    }
  }

  /** Moves everything to a new file, because the locks of the old one are orphaned. */
  private SidecarHeader move(SidecarHeader header) throws IOException {
    closeChronicle();
    SidecarHeader moved = StoreBuilder.move(session, self, index.file(), header);
    index.follow(moved);
    return moved;
  }

  /**
   * Brings a handle to where its record is. The header may name the new file already; if it does
   * not, whoever moves the store is at it or died on the way.
   */
  private void bring(RecordIndex.Handle handle, LeaseRecord before, boolean mayWait) {
    follow(session.header());
    if (handle.isStill(before)) {
      unfinishedMove.attempt(() -> finishMove(handle, before), mayWait);
    }
    if (handle.isStill(before)) {
      throw new LeaseStoreException(
          StoreFault.TIMEOUT,
          "the lease store " + session.files().sidecar() + " is being moved to another file");
    }
  }

  private void finishMove(RecordIndex.Handle handle, LeaseRecord before) {
    boolean brought =
        session.underHeaderLock(
            UnfinishedMove.WAIT_NANOS,
            header -> {
              index.follow(header);
              if (handle.isStill(before)) {
                move(header);
              }
              return !handle.isStill(before);
            });
    if (!brought) {
      throw new LeaseStoreException(StoreFault.DAMAGED, "a record was lost on its way");
    }
  }

  /** Lets the store go. Threads that still ask it get exceptions, not crashes. */
  @Override
  public void close() {
    unfinishedMove.close();
    session.endHeaderUse(this::closeChronicle);
    index.close();
    session.close();
  }
}
