package io.ullage.bench.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a program does without a library: a temporary file for each batch, written at once, read at
 * once, deleted.
 */
final class FileChannelSpilling implements Spilling {
  private static final int BATCH_BYTES = 2 << 20;

  private final Path folder = Folders.create();
  private final Queue<Path> files = new ArrayDeque<>();
  private final ByteBuffer source;
  private final ByteBuffer target;
  private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
  private long fileCount;

  FileChannelSpilling(int chunkBytes) throws IOException {
    source = ByteBuffer.allocateDirect(chunkBytes).order(ByteOrder.nativeOrder());
    target = ByteBuffer.allocateDirect(chunkBytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public void push(long number) throws IOException {
    source.putLong(0, number);
    batch.put(source.clear());
    if (batch.remaining() < source.capacity()) {
      write();
    }
  }

  /** Writes the last batch, and leaves the buffer empty for reading. */
  @Override
  public void endOfPush() throws IOException {
    if (batch.position() > 0) {
      write();
    }
    batch.limit(0);
  }

  @Override
  public long pull() throws IOException {
    if (!batch.hasRemaining()) {
      read();
    }
    int length = target.capacity();
    target.clear().put(batch.slice(batch.position(), length));
    batch.position(batch.position() + length);
    if (files.isEmpty() && !batch.hasRemaining()) {
      batch.clear();
    }
    return target.getLong(0);
  }

  @Override
  public void close() throws IOException {
    Folders.delete(folder);
  }

  private void write() throws IOException {
    Path file = folder.resolve("batch-" + fileCount++);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      batch.flip();
      while (batch.hasRemaining()) {
        channel.write(batch);
      }
      batch.clear();
    }
    files.add(file);
  }

  private void read() throws IOException {
    Path file = files.remove();
    batch.clear();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int length = 0;
      while (batch.hasRemaining() && length >= 0) {
        length = channel.read(batch);
      }
    }
    Files.delete(file);
    batch.flip();
  }
}
