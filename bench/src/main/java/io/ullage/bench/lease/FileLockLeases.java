package io.ullage.bench.lease;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Byte-range locks of the system; the deadline is written into the file that is locked. */
final class FileLockLeases implements LeasePeer {
  private final Path file = Files.createTempFile("ullage-bench", ".lock");
  private final FileChannel channel =
      FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  private final FileLock held = channel.lock(0, 1, false);
  private final ByteBuffer deadline = ByteBuffer.allocateDirect(Long.BYTES);

  FileLockLeases() throws IOException {
    renew();
  }

  @Override
  public boolean tryAcquireAndRelease() throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock(1, 1, false);
    } catch (OverlappingFileLockException e) {
      // Another thread of this JVM has it.
      return false;
    }
    if (lock == null) {
      return false;
    }
    lock.release();
    return true;
  }

  @Override
  public void renew() throws IOException {
    deadline.clear().putLong(System.nanoTime() + TTL_NANOS).flip();
    if (channel.write(deadline, 0) != Long.BYTES) {
      throw new IOException("not written");
    }
  }

  @Override
  public boolean isValid() {
    return held.isValid();
  }

  @Override
  public long peek() throws IOException {
    deadline.clear();
    if (channel.read(deadline, 0) != Long.BYTES) {
      throw new IOException("not read");
    }
    return deadline.getLong(0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.delete(file);
  }
}
