package io.ullage.bench.spill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Chronicle Queue: every entry goes to a mapped file. It deletes nothing by itself, so that an
 * empty queue is begun anew after some gigabytes.
 */
final class ChronicleByteQueue implements ByteQueue {
  private static final long LARGEST_BYTES = 2L << 30;

  private final Path directory;
  private final byte[] entry;
  private final byte[] read;
  private ChronicleQueue queue;
  private ExcerptAppender appender;
  private ExcerptTailer tailer;
  private Path folder;
  private long pushedBytes;
  private long entries;

  ChronicleByteQueue(Path directory, int size) throws IOException {
    this.directory = directory;
    this.entry = new byte[size];
    this.read = new byte[size];
    folder = Files.createTempDirectory(directory, "chronicle");
    queue = SingleChronicleQueueBuilder.single(folder.toFile()).build();
    appender = queue.createAppender();
    tailer = queue.createTailer();
  }

  @Override
  public void push(byte first) throws IOException {
    if (entries == 0 && pushedBytes > LARGEST_BYTES) {
      reopen();
    }
    Arrays.fill(entry, first);
    appender.writeBytes(bytes -> bytes.write(entry));
    pushedBytes += entry.length;
    entries++;
  }

  @Override
  public byte pop() {
    if (!tailer.readBytes(bytes -> bytes.read(read))) {
      throw new IllegalStateException("the queue is empty");
    }
    entries--;
    return read[read.length - 1];
  }

  private void reopen() throws IOException {
    close();
    folder = Files.createTempDirectory(directory, "chronicle");
    queue = SingleChronicleQueueBuilder.single(folder.toFile()).build();
    appender = queue.createAppender();
    tailer = queue.createTailer();
    pushedBytes = 0;
  }

  @Override
  public void close() throws IOException {
    appender.close();
    tailer.close();
    queue.close();
    Folders.delete(folder);
  }
}
