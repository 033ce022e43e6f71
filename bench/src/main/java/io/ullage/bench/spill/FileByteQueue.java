package io.ullage.bench.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A plain temporary file for each batch of entries, written and read by the caller. */
final class FileByteQueue implements ByteQueue {
  private static final int BATCH_BYTES = 16 << 20;

  private final Path directory;
  private final int size;
  private final long residentBytes;
  private final Deque<byte[]> head = new ArrayDeque<>();
  private final Deque<Path> files = new ArrayDeque<>();
  private final Deque<byte[]> tail = new ArrayDeque<>();

  FileByteQueue(Path directory, int size, long residentBytes) {
    this.directory = directory;
    this.size = size;
    this.residentBytes = residentBytes;
  }

  @Override
  public void push(byte first) throws IOException {
    byte[] entry = new byte[size];
    Arrays.fill(entry, first);
    tail.add(entry);
    if ((long) tail.size() * size >= Math.min(residentBytes, BATCH_BYTES)) {
      spill();
    }
  }

  private void spill() throws IOException {
    Path file = Files.createTempFile(directory, "batch", ".spill");
    ByteBuffer batch = ByteBuffer.allocateDirect(tail.size() * size);
    tail.forEach(batch::put);
    tail.clear();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (batch.flip(); batch.hasRemaining(); ) {
        channel.write(batch);
      }
    }
    files.add(file);
  }

  @Override
  public byte pop() throws IOException {
    if (head.isEmpty()) {
      refill();
    }
    return head.remove()[size - 1];
  }

  private void refill() throws IOException {
    Path file = files.poll();
    if (file == null) {
      head.addAll(tail);
      tail.clear();
      return;
    }
    byte[] batch = Files.readAllBytes(file);
    for (int at = 0; at < batch.length; at += size) {
      head.add(Arrays.copyOfRange(batch, at, at + size));
    }
    Files.delete(file);
  }

  @Override
  public void close() throws IOException {
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
