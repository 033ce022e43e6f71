package io.ullage.tool.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that appears under its name only when it is complete.
 *
 * <p>The bytes go to a file beside it, readable by its owner alone, which takes the name at {@link
 * #complete} and is removed by {@link #close} if that was not reached. For one thread.
 */
final class OutputFile implements AutoCloseable {
  private final Path target;
  private final Path partial;
  private final FileChannel channel;
  private boolean complete;

  /** Makes the partial file; what stands under the name stays untouched for now. */
  OutputFile(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    this.target = absolute;
    this.partial =
        absolute.resolveSibling(
            ".%s.%d-%x.partial"
                .formatted(
                    absolute.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    this.channel =
        FileChannel.open(
            partial,
            Set.of(
                StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Appends all of a buffer. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Gives the file its name. */
  void complete() throws IOException {
    channel.close();
    Files.move(
        partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    complete = true;
  }

  @Override
  public void close() throws IOException {
    if (!complete) {
      try (channel) {
        Files.deleteIfExists(partial);
      }
    }
  }
}
