package io.ullage.tool.run;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The input files one after the other, again and again, up to an exact number of bytes.
 *
 * <p>Bytes go from the file straight into the segment, by positional reads. For one thread.
 */
final class InputSequence implements AutoCloseable {
  private final List<InputFile> files;
  private final List<FileChannel> channels = new ArrayList<>();
  private long remaining;
  private int current;
  private long position;

  /**
   * Opens the files.
   *
   * @param files what to read; their sizes are those of when the run was planned
   * @param totalBytes how much to deliver; above zero only if some file has bytes
   */
  InputSequence(List<InputFile> files, long totalBytes) throws IOException {
    this.files = files;
    this.remaining = totalBytes;
    try {
      for (InputFile file : files) {
        channels.add(FileChannel.open(file.path(), StandardOpenOption.READ));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** How many bytes are still to come. */
  long remaining() {
    return remaining;
  }

  /**
   * Fills a segment.
   *
   * @param segment no longer than what remains
   * @throws EOFException when a file has become shorter than it was
   */
  void read(MemorySegment segment) throws IOException {
    ByteBuffer buffer = segment.asByteBuffer();
    while (buffer.hasRemaining()) {
      InputFile file = files.get(current);
      long left = file.sizeBytes() - position;
      if (left == 0) {
        current = (current + 1) % files.size();
        position = 0;
        continue;
      }
      int whole = buffer.limit();
      buffer.limit(buffer.position() + (int) Math.min(left, buffer.remaining()));
      int count = channels.get(current).read(buffer, position);
      buffer.limit(whole);
      if (count < 0) {
        throw new EOFException(
            "%s ends at %d bytes; it had %d when the run began"
                .formatted(file.path(), position, file.sizeBytes()));
      }
      position += count;
    }
    remaining -= segment.byteSize();
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
