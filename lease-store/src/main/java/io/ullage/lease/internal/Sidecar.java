package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar file, as its one thread uses it: positional channel I/O and byte-range locks, never a
 * mapping, so that a file cut short is an exception and not a signal.
 *
 * <p>Locks lie beyond every byte of the file: one for the header (held to change it, to insert a
 * key and to move to a new generation) and one for each process slot, exclusive for as long as the
 * process lives. The kernel frees them when a process dies, however it dies. Others probe a slot
 * with a shared lock, so that two who probe at once do not take each other for the owner.
 */
final class Sidecar implements AutoCloseable {
  private static final long LOCKS_AT = 1L << 40;
  private static final long HEADER_LOCK = LOCKS_AT;
  private static final long SLOT_LOCKS = LOCKS_AT + 4096;

  private final FileChannel channel;
  private @Nullable FileLock headerLock;

  private Sidecar(FileChannel channel) {
    this.channel = channel;
  }

  static Sidecar open(Path file) throws IOException {
    return new Sidecar(
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)));
  }

  static long fileBytes() {
    return SidecarSlot.position(OwnerWord.SLOTS);
  }

  /** Takes the header lock if nobody has it. */
  boolean tryLockHeader() throws IOException {
    if (headerLock == null) {
      headerLock = channel.tryLock(HEADER_LOCK, 1, false);
      return headerLock != null;
    }
    return false;
  }

  void unlockHeader() throws IOException {
    FileLock lock = headerLock;
    headerLock = null;
    if (lock != null) {
      lock.release();
    }
  }

  /** Reads the header, or says what is wrong with it. */
  SidecarHeader readHeader() throws IOException {
    ByteBuffer bytes = read(0, SidecarHeader.BYTES);
    SidecarHeader.Verdict verdict = SidecarHeader.judge(bytes);
    if (verdict == SidecarHeader.Verdict.OTHER_VERSION) {
      throw new LeaseStoreException(
          StoreFault.VERSION, "the lease store has another layout version; rebuild it");
    }
    if (verdict != SidecarHeader.Verdict.GOOD || channel.size() < fileBytes()) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED,
          "the lease store's sidecar file is damaged ("
              + (verdict == SidecarHeader.Verdict.GOOD
                  ? "cut to " + channel.size() + " bytes"
                  : verdict.name())
              + "); rebuild it");
    }
    return SidecarHeader.read(bytes);
  }

  void writeHeader(SidecarHeader header) throws IOException {
    write(0, header.toBytes());
  }

  /** Makes the file as long as it has to be; what was cut off is empty. */
  void extend() throws IOException {
    long size = channel.size();
    if (size < fileBytes()) {
      write(size, ByteBuffer.allocate((int) (fileBytes() - size)));
    }
  }

  SidecarSlot readSlot(int slot) throws IOException {
    ByteBuffer bytes = read(SidecarSlot.position(slot), SidecarSlot.BYTES);
    if (bytes.limit() < SidecarSlot.BYTES) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store's sidecar file was cut short; rebuild it");
    }
    return SidecarSlot.read(bytes);
  }

  /** Claims a slot for this process; the claim ends with the channel. */
  long claimSlot(ProcessIdentity self) throws IOException {
    int start = Math.floorMod(self.pid(), OwnerWord.SLOTS);
    for (int i = 0; i < OwnerWord.SLOTS; i++) {
      int slot = (start + i) % OwnerWord.SLOTS;
      FileLock lock = channel.tryLock(SLOT_LOCKS + slot, 1, false);
      if (lock != null) {
        int incarnation = (readSlot(slot).incarnation() + 1) & OwnerWord.INCARNATION_MASK;
        SidecarSlot mine =
            new SidecarSlot(
                Math.max(1, incarnation), self.pid(), self.pidNamespace(), self.startTicks());
        write(SidecarSlot.position(slot), mine.toBytes());
        return OwnerWord.process(slot, mine.incarnation());
      }
    }
    throw new LeaseStoreException(
        StoreFault.TOO_MANY_PROCESSES,
        "the lease store has " + OwnerWord.SLOTS + " process slots, and all are taken");
  }

  /** Whether a process other than this one has the slot. */
  boolean isSlotTaken(int slot) throws IOException {
    FileLock probe = channel.tryLock(SLOT_LOCKS + slot, 1, true);
    if (probe == null) {
      return true;
    }
    probe.release();
    return false;
  }

  /** Makes everything written so far survive a crash of the host. */
  void force() throws IOException {
    channel.force(false);
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        break;
      }
    }
    return bytes.flip();
  }

  private void write(long position, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      long at = position + bytes.position();
      if (channel.write(bytes, at) < 0) {
        throw new IOException("nothing written at " + at);
      }
    }
  }

  /** Closes the file, and with it gives up every lock. */
  @Override
  public void close() throws IOException {
    headerLock = null;
    channel.close();
  }
}
