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
 * Where the records of the keys are that this process has met: in the generation file that the
 * header named when it was last {@linkplain #follow followed}. A file is read once, and on from
 * there when the header counts more inserts. Files that were left behind stay mapped until the end,
 * because somebody may still hold an address in them.
 *
 * <p>Its lock is held for one such reading at most, never while anybody waits for another process.
 */
final class RecordIndex implements AutoCloseable {
  private final StoreFiles files;
  private final Mover mover;
  private final ConcurrentMap<String, Handle> byKey = new ConcurrentHashMap<>();
  private final ReentrantLock reading = new ReentrantLock();
  private final List<RecordFile> retired = new ArrayList<>();
  private RecordFile file;
  private RecordSearch search;

  /** How many records of the file are known. */
  private long records;

  /** Brings a handle to where its record is, if that has moved. */
  @FunctionalInterface
  interface Mover {
    void follow(Handle handle, LeaseRecord before, boolean mayWait);
  }

  /** Opens the file that a header names. */
  RecordIndex(StoreFiles files, SidecarHeader header, Mover mover) throws IOException {
    this.files = files;
    this.mover = mover;
    this.file = open(files, header);
    this.search = file.search();
    boolean read = false;
    try {
      read(header);
      read = true;
    } finally {
      if (!read) {
        file.close();
      }
    }
  }

  private static RecordFile open(StoreFiles files, SidecarHeader header) throws IOException {
    Path path = files.generation(header.generation());
    if (!StoreFiles.exists(path)) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store's file " + path + " is missing; rebuild the store");
    }
    return RecordFile.open(path, header.generation(), header.fileBytes());
  }

  @Nullable Handle known(String key) {
    return byKey.get(key);
  }

  /** The handle of a key that must be there. */
  Handle handle(String key) {
    Handle handle = byKey.get(key);
    if (handle == null) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store lost key '" + key + "'; rebuild it");
    }
    return handle;
  }

  Collection<String> keys() {
    return List.copyOf(byKey.keySet());
  }

  /** The file that was followed last; for those who have the store's header lock. */
  RecordFile file() {
    reading.lock();
    try {
      return file;
    } finally {
      reading.unlock();
    }
  }

  /** Makes this process see what a header says. */
  void follow(SidecarHeader header) throws IOException {
    reading.lock();
    try {
      if (header.generation() > file.number()) {
        RecordFile next = open(files, header);
        retired.add(file);
        file = next;
        search = next.search();
        records = 0;
        read(header);
      } else if (header.generation() == file.number() && header.inserts() > records) {
        read(header);
      }
    } finally {
      reading.unlock();
    }
  }

  /**
   * Lets others find the record that was inserted last; the caller has the store's header lock and
   * has followed the header.
   */
  void publish() {
    reading.lock();
    try {
      MappedLeaseRecord record = search.pending();
      if (record != null) {
        record.publish();
        byKey.putIfAbsent(record.key(), new Handle(record, file));
        records++;
      }
    } finally {
      reading.unlock();
    }
  }

  private void read(SidecarHeader header) {
    records += search.read(header.inserts() - records, this::place);
    if (records < header.inserts()) {
      // Not all of them lie behind those that are known.
      search.restart();
      records = search.read(header.inserts(), this::place);
    }
    if (records < header.inserts()) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED,
          "the lease store's file "
              + file.path()
              + " is damaged: it holds "
              + records
              + " of "
              + header.inserts()
              + " records; rebuild it");
    }
  }

  private void place(String key, LeaseRecord record) {
    Handle handle = byKey.computeIfAbsent(key, missing -> new Handle(record, file));
    if (handle.file != file) {
      handle.moveTo(record, file);
    }
  }

  /** Unmaps all files. Threads that still hold addresses get exceptions, not crashes. */
  @Override
  public void close() {
    reading.lock();
    try {
      retired.forEach(RecordFile::close);
      file.close();
    } finally {
      reading.unlock();
    }
  }

  /** Where a key's record is; moves along with the store. */
  final class Handle implements RecordHandle {
    private volatile LeaseRecord record;
    private RecordFile file;

    private Handle(LeaseRecord record, RecordFile file) {
      this.record = record;
      this.file = file;
    }

    @Override
    public LeaseRecord current() {
      return record;
    }

    private void moveTo(LeaseRecord next, RecordFile nextFile) {
      file = nextFile;
      record = next;
    }

    @SuppressWarnings("ReferenceEquality") // A record is its address; it has no value of its own.
    boolean isStill(LeaseRecord before) {
      return record == before;
    }

    @Override
    public void reload(boolean mayWait) {
      mover.follow(this, record, mayWait);
    }
  }
}
