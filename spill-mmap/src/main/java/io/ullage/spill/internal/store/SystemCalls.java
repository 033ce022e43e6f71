package io.ullage.spill.internal.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * What the store asks of the system: the calls that Java has no name for, and its operations on
 * files. Where the former cannot be had, {@link #NONE} does without; tests put failures in front of
 * each.
 */
public interface SystemCalls {
  /** Does nothing and says so. */
  SystemCalls NONE =
      new SystemCalls() {
        @Override
        public int allocate(Path file, long byteSize) {
          return UNSUPPORTED;
        }

        @Override
        public int populateRead(MemorySegment mapped) {
          return UNSUPPORTED;
        }

        @Override
        public int dropPages(MemorySegment mapped) {
          return UNSUPPORTED;
        }
      };

  /** Returned where a call does not exist. */
  int UNSUPPORTED = -1;

  /** A new file, to write and to read; never through a link. */
  Set<OpenOption> CREATE_OPTIONS =
      Set.of(
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  /**
   * Allocates a file's blocks from 0 to {@code byteSize}: {@code fallocate}. Returns 0, an errno or
   * {@link #UNSUPPORTED}.
   */
  int allocate(Path file, long byteSize);

  /**
   * Reads the pages of a mapping into memory: {@code MADV_POPULATE_READ}. Returns 0, an errno or
   * {@link #UNSUPPORTED}.
   */
  int populateRead(MemorySegment mapped);

  /**
   * Takes the pages of a mapping out of this process: {@code MADV_DONTNEED}. Returns 0, an errno or
   * {@link #UNSUPPORTED}.
   */
  int dropPages(MemorySegment mapped);

  /** {@return whether the calls that Java has no name for can be had} */
  default boolean isNative() {
    return false;
  }

  /**
   * Keeps pages of private memory from being paged out: {@code mlock}. Returns 0, an errno or
   * {@link #UNSUPPORTED}.
   */
  default int lockPages(MemorySegment memory) {
    return UNSUPPORTED;
  }

  /** Takes that back: {@code munlock}. Returns 0, an errno or {@link #UNSUPPORTED}. */
  default int unlockPages(MemorySegment memory) {
    return UNSUPPORTED;
  }

  /** Makes a file that nobody else can have opened. */
  default FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, CREATE_OPTIONS, OwnerOnly.FILE);
  }

  /** Takes a file's name away, if it still has one. */
  default void unlink(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Writes some of the buffer at a position; returns how many bytes. */
  default int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    return file.write(bytes, position);
  }

  /** Reads some bytes from a position into the buffer; returns how many, −1 at the file's end. */
  default int read(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    return file.read(bytes, position);
  }

  /** Maps a file for reading. */
  default MemorySegment map(FileChannel file, long byteSize, Arena arena) throws IOException {
    return file.map(FileChannel.MapMode.READ_ONLY, 0, byteSize, arena);
  }

  /** Returns how many bytes a file system still has for this user. */
  default long usableBytes(FileStore files) throws IOException {
    return files.getUsableSpace();
  }
}
