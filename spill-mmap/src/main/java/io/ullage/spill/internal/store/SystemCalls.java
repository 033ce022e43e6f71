package io.ullage.spill.internal.store;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The system calls that Java has no name for. Where they cannot be had, {@link #NONE} does without.
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
}
