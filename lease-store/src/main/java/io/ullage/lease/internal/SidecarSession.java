package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sidecar as the rest of the store uses it, from any thread: one session for each JVM and file,
 * from the claim of the file to its release.
 */
final class SidecarSession implements AutoCloseable {
  /** How long a header lock may be awaited: longer than Chronicle Map needs for a first open. */
  static final long LOCK_WAIT_NANOS = 15_000_000_000L;

  private static final long LOCK_PAUSE_NANOS = 500_000;

  /**
   * How long a process leaves the header to others, now and then: they look each {@link
   * #LOCK_PAUSE_NANOS}, and would otherwise be locked out by one that inserts many keys.
   */
  private static final long BREAK_NANOS = 2 * LOCK_PAUSE_NANOS;

  /** How long it locks the header again and again before it does: a tenth goes to breaks. */
  private static final long TURN_NANOS = 10 * BREAK_NANOS;

  private final StoreFiles files;
  private final JvmClaim claim;
  private final SidecarThread thread;
  private final Sidecar sidecar;
  private final ReentrantLock headerUse = new ReentrantLock();

  /** When this process last gave the header lock back; guarded by {@link #headerUse}. */
  private long unlockedAt = System.nanoTime() - BREAK_NANOS;

  /** Since when it has locked the header without a break; guarded by {@link #headerUse}. */
  private long turnBegunAt;

  private SidecarSession(StoreFiles files, JvmClaim claim, SidecarThread thread, Sidecar sidecar) {
    this.files = files;
    this.claim = claim;
    this.thread = thread;
    this.sidecar = sidecar;
  }

  /** Something to do under the header lock. */
  @FunctionalInterface
  interface HeaderTask<T> {
    T run(SidecarHeader header) throws IOException;
  }

  /** Opens a sidecar that exists. */
  static SidecarSession open(StoreFiles files) throws IOException {
    JvmClaim claim = JvmClaim.of(StoreFiles.identity(files.sidecar()), files.sidecar());
    SidecarThread thread = new SidecarThread();
    boolean opened = false;
    try {
      Sidecar sidecar = thread.call(() -> Sidecar.open(files.sidecar()));
      opened = true;
      return new SidecarSession(files, claim, thread, sidecar);
    } finally {
      if (!opened) {
        thread.close();
        claim.close();
      }
    }
  }

  /** Makes a sidecar under a temporary name and gives it its own, unless there is one by then. */
  static void create(StoreFiles files, ProcessIdentity self, SidecarHeader header)
      throws IOException {
    Path temporary = files.temporary(self);
    Files.deleteIfExists(temporary);
    ByteBuffer bytes = ByteBuffer.allocate((int) Sidecar.fileBytes());
    bytes.put(header.toBytes()).clear();
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            StoreFiles.FILE_MODE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    try {
      Files.createLink(files.sidecar(), temporary);
    } catch (FileAlreadyExistsException e) {
      // Somebody else was faster; theirs is as good.
      return;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  StoreFiles files() {
    return files;
  }

  /** Reads the header without its lock; a write in flight makes it look torn for an instant. */
  SidecarHeader header() {
    for (int attempt = 0; ; attempt++) {
      try {
        return thread.call(sidecar::readHeader);
      } catch (LeaseStoreException e) {
        if (e.fault() != StoreFault.DAMAGED || attempt == 3) {
          throw e;
        }
        LockSupport.parkNanos(LOCK_PAUSE_NANOS);
      }
    }
  }

  /** Reads the header; the caller has its lock. */
  SidecarHeader lockedHeader() {
    return thread.call(sidecar::readHeader);
  }

  /** Runs a task under the header lock, on the caller's thread. */
  <T> T underHeaderLock(long waitNanos, HeaderTask<T> task) {
    try {
      return underLock(waitNanos, () -> task.run(lockedHeader()));
    } catch (IOException e) {
      throw new LeaseStoreException(
          StoreFault.UNAVAILABLE, "the lease store cannot be changed: " + e, e);
    }
  }

  /** Runs a task under the header lock, whatever the header says. */
  <T> T underLock(long waitNanos, IoTask<T> task) throws IOException {
    long giveUpAt = System.nanoTime() + waitNanos;
    if (!lockWithin(waitNanos)) {
      throw busy("another thread", waitNanos);
    }
    try {
      leaveToOthersIfDue();
      while (!thread.call(sidecar::tryLockHeader)) {
        if (System.nanoTime() - giveUpAt >= 0) {
          throw busy("another process", waitNanos);
        }
        LockSupport.parkNanos(LOCK_PAUSE_NANOS);
      }
      try {
        return task.run();
      } finally {
        onThread(
            () -> {
              sidecar.unlockHeader();
              return true;
            });
        unlockedAt = System.nanoTime();
      }
    } finally {
      headerUse.unlock();
    }
  }

  private void leaveToOthersIfDue() {
    long now = System.nanoTime();
    long leftNanos = now - unlockedAt;
    if (leftNanos < BREAK_NANOS) {
      if (now - turnBegunAt < TURN_NANOS) {
        return;
      }
      LockSupport.parkNanos(BREAK_NANOS - leftNanos);
    }
    turnBegunAt = System.nanoTime();
  }

  /** As a lock with a timeout, but an interrupt is kept for later. */
  private boolean lockWithin(long waitNanos) {
    long giveUpAt = System.nanoTime() + waitNanos;
    return Uninterrupted.await(
        () -> headerUse.tryLock(giveUpAt - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  private LeaseStoreException busy(String by, long waitNanos) {
    return new LeaseStoreException(
        StoreFault.TIMEOUT,
        "the lease store "
            + files.sidecar()
            + " is being changed by "
            + by
            + ", for longer than "
            + waitNanos / 1_000_000
            + " ms");
  }

  /** Runs a task when no thread of this process uses the header. */
  void endHeaderUse(Runnable task) {
    headerUse.lock();
    try {
      task.run();
    } finally {
      headerUse.unlock();
    }
  }

  /** Something that does I/O. */
  @FunctionalInterface
  interface IoTask<T> {
    T run() throws IOException;
  }

  /** Writes the header; the caller has its lock. */
  void writeHeader(SidecarHeader header, boolean durably) {
    onThread(
        () -> {
          sidecar.writeHeader(header);
          if (durably) {
            sidecar.force();
          }
          return true;
        });
  }

  /** Makes a file that was cut short as long as it has to be; the caller has the lock. */
  void extend() {
    onThread(
        () -> {
          sidecar.extend();
          return true;
        });
  }

  long claimSlot(ProcessIdentity self) {
    return thread.call(() -> sidecar.claimSlot(self));
  }

  SidecarSlot readSlot(int slot) {
    return thread.call(() -> sidecar.readSlot(slot));
  }

  boolean isSlotTaken(int slot) {
    return thread.call(() -> sidecar.isSlotTaken(slot));
  }

  /** How many processes have the store open; only for a session that claimed no slot itself. */
  int slotsTaken() {
    return thread.call(
        () -> {
          int taken = 0;
          for (int slot = 0; slot < OwnerWord.SLOTS; slot++) {
            if (sidecar.isSlotTaken(slot)) {
              taken++;
            }
          }
          return taken;
        });
  }

  private void onThread(java.util.concurrent.Callable<Boolean> task) {
    if (!thread.call(task)) {
      throw new IllegalStateException("unreachable");
    }
  }

  @Override
  public void close() {
    onThread(
        () -> {
          sidecar.close();
          return true;
        });
    thread.close();
    claim.close();
  }
}
