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
 * header named when it was last {@linkplain #follow followed}. A file is scanned once, and again
 * when the header counts more inserts. Files that were left behind stay mapped until the end,
 * because somebody may still hold an address in them.
 *
 * <p>Its lock is held for a scan at most, never while anybody waits for another process.
 */
final class RecordIndex implements AutoCloseable {
  private final StoreFiles files;
  private final Mover mover;
  private final ConcurrentMap<String, Handle> byKey = new ConcurrentHashMap<>();
  private final ReentrantLock scanning = new ReentrantLock();
  private final List<RecordFile> retired = new ArrayList<>();
  private RecordFile file;
  private long scannedInserts;

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
    boolean scanned = false;
    try {
      scan(header);
      scanned = true;
    } finally {
      if (!scanned) {
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
    scanning.lock();
    try {
      return file;
    } finally {
      scanning.unlock();
    }
  }

  /** Makes this process see what a header says. */
  void follow(SidecarHeader header) throws IOException {
    scanning.lock();
    try {
      if (header.generation() > file.number()) {
        RecordFile next = open(files, header);
        retired.add(file);
        file = next;
        scan(header);
      } else if (header.generation() == file.number() && header.inserts() > scannedInserts) {
        scan(header);
      }
    } finally {
      scanning.unlock();
    }
  }

  /**
   * Lets others find the record that was inserted last; the caller has the store's header lock and
   * has followed the header.
   *
   * @param inserts how many there are with it
   */
  void publish(long inserts) {
    scanning.lock();
    try {
      file.scan(
          RecordLayout.PENDING,
          (pending, record) -> {
            record.publish();
            byKey.putIfAbsent(pending, new Handle(record, file));
          });
      scannedInserts = inserts;
    } finally {
      scanning.unlock();
    }
  }

  private void scan(SidecarHeader header) {
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
  }

  /** Unmaps all files. Threads that still hold addresses get exceptions, not crashes. */
  @Override
  public void close() {
    scanning.lock();
    try {
      retired.forEach(RecordFile::close);
      file.close();
    } finally {
      scanning.unlock();
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
