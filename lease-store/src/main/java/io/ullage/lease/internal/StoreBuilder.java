package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Makes generation files: the first one, one that takes over from another while owners go on
 * renewing, and one that replaces what is damaged.
 *
 * <p><b>Moving under way.</b> The mover holds the header lock. For each record of the old file it
 * keeps the word beside it, then replaces the word by "moved" with a compare-and-set, so no renewal
 * is lost; then it copies the record. Owners who meet "moved" wait for the header to name the new
 * file. A mover that dies leaves old records that are moved with their word beside them, and a new
 * file that no header names: the next one begins again with the same words.
 *
 * <p><b>Tokens.</b> The new file's floor is the ceiling of the old: whatever key was lost, its next
 * token is greater.
 */
final class StoreBuilder {
  private StoreBuilder() {}

  /** The header of a store that has no file with records yet. */
  static SidecarHeader emptyHeader(ProcessIdentity self, long entries) {
    return new SidecarHeader(self.bootId(), self.timeNamespace(), entries, 0, 0, 0, false, 0, 0);
  }

  /** Refuses a store whose deadlines were written by another clock. */
  static void requireSameClock(SidecarHeader header, ProcessIdentity self) {
    if (!header.bootId().equals(self.bootId())) {
      throw new LeaseStoreException(
          StoreFault.OTHER_BOOT,
          "the lease store was written under boot "
              + header.bootId()
              + ", this is boot "
              + self.bootId()
              + "; rebuild it");
    }
    if (header.timeNamespace() != self.timeNamespace()) {
      throw new LeaseStoreException(
          StoreFault.OTHER_TIME_NAMESPACE,
          "the lease store belongs to time namespace "
              + header.timeNamespace()
              + ", this process lives in "
              + self.timeNamespace());
    }
  }

  /** Makes the first file with records, unless somebody did. */
  static SidecarHeader createGeneration(SidecarSession session, ProcessIdentity self) {
    return session.underHeaderLock(
        SidecarSession.LOCK_WAIT_NANOS,
        header -> header.generation() != 0 ? header : create(session, self, header));
  }

  private static SidecarHeader create(
      SidecarSession session, ProcessIdentity self, SidecarHeader header) throws IOException {
    StoreFiles files = session.files();
    files.deleteTemporaries();
    AtomicLong greatest = new AtomicLong(Math.max(header.tokenCeiling(), TokenCeiling.floorNow()));
    long last = header.generation();
    // Files that a lost sidecar left behind still know their tokens.
    for (Path old : files.generations()) {
      last = Math.max(last, numberOf(old));
      salvage(old, (key, record) -> raise(greatest, record.tokenVolatile()));
    }
    long number = last + 1;
    Path path = files.generation(number);
    Path temporary = files.temporary(self);
    ChronicleFile.create(temporary, header.entries());
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    long floor = greatest.get();
    SidecarHeader next =
        header.withGeneration(number, Files.size(path), floor, floor + ReservedTokens.RESERVE, 0);
    session.writeHeader(next, true);
    deleteOthers(files, number);
    return next;
  }

  /** Moves all records to a new file, under the header lock, while owners go on. */
  static SidecarHeader move(
      SidecarSession session, ProcessIdentity self, RecordFile old, SidecarHeader header)
      throws IOException {
    StoreFiles files = session.files();
    files.deleteTemporaries();
    long number = header.generation() + 1;
    Path path = files.generation(number);
    Path temporary = files.temporary(self);
    ChronicleFile.create(temporary, header.entries());
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    long bytes = Files.size(path);
    AtomicLong moved = new AtomicLong();
    try (ChronicleFile map = ChronicleFile.open(path, header.entries());
        RecordFile next = RecordFile.open(path, number, bytes)) {
      RecordSearch copies = next.search();
      old.search()
          .read(
              Long.MAX_VALUE,
              (key, record) -> {
                map.insert(key, header.tokenCeiling());
                long word = markMoved(record);
                MappedLeaseRecord copy = copies.pending();
                // A key that stands there twice, in a damaged file, has a place only once.
                if (copy != null) {
                  copy.copyFrom(record, word);
                  copy.publish();
                  moved.incrementAndGet();
                }
              });
    }
    SidecarHeader after =
        header.withGeneration(
            number,
            bytes,
            header.tokenCeiling(),
            header.tokenCeiling() + ReservedTokens.RESERVE,
            moved.get());
    session.writeHeader(after, true);
    deleteOthers(files, number);
    return after;
  }

  private static long markMoved(MappedLeaseRecord record) {
    while (true) {
      long word = record.wordVolatile();
      if (LeaseWord.isMoved(word)) {
        return record.savedWordVolatile();
      }
      record.saveWord(word);
      if (record.compareAndSetWord(word, LeaseWord.moved(word))) {
        return word;
      }
    }
  }

  /**
   * Replaces a store that cannot be opened by an empty one whose tokens go on where the old ones
   * can have ended.
   *
   * @param path the sidecar
   * @param entries for how many keys
   * @param onlyOtherBoot whether one of this boot is left alone
   */
  static void rebuild(Path path, long entries, boolean onlyOtherBoot) throws IOException {
    RequiredJvmOptions.check();
    ProcessIdentity self = ProcessIdentity.current();
    StoreFiles files = new StoreFiles(path);
    files.createDirectory();
    if (!StoreFiles.exists(files.sidecar())) {
      SidecarSession.create(files, self, emptyHeader(self, entries));
    }
    try (SidecarSession session = SidecarSession.open(files)) {
      session.underLock(
          SidecarSession.LOCK_WAIT_NANOS,
          () -> {
            if (onlyOtherBoot && session.lockedHeader().bootId().equals(self.bootId())) {
              return true;
            }
            int taken = session.slotsTaken();
            if (taken > 0) {
              throw new LeaseStoreException(
                  StoreFault.ACCESS,
                  "the lease store "
                      + path
                      + " is open in "
                      + taken
                      + " processes; end them before it is rebuilt");
            }
            long ceiling = ceilingOf(session);
            session.extend();
            session.writeHeader(emptyHeader(self, entries).withTokenCeiling(ceiling), true);
            create(session, self, session.lockedHeader());
            return true;
          });
    }
  }

  private static long ceilingOf(SidecarSession session) {
    try {
      return session.lockedHeader().tokenCeiling();
    } catch (LeaseStoreException e) {
      return 0;
    }
  }

  private static void salvage(Path file, BiConsumer<String, MappedLeaseRecord> found)
      throws IOException {
    try (RecordFile old = RecordFile.open(file, 0, Files.size(file))) {
      old.search().read(Long.MAX_VALUE, found);
    } catch (LeaseStoreException e) {
      // What cannot be read has nothing to add; the ceiling and the clock bound its tokens.
      return;
    }
  }

  private static void raise(AtomicLong greatest, long token) {
    if (token > greatest.get()) {
      greatest.set(token);
    }
  }

  private static long numberOf(Path generation) {
    String name = generation.getFileName().toString();
    try {
      return Long.parseLong(name.substring(name.lastIndexOf(".g") + 2));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void deleteOthers(StoreFiles files, long number) throws IOException {
    for (Path other : files.generations()) {
      if (!other.equals(files.generation(number))) {
        Files.deleteIfExists(other);
      }
    }
  }
}
