package io.ullage.stress.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small file system of its own that can be filled. Only root may mount one. */
final class SmallDisk {
  private static final String MEBIBYTES = "48m";
  private static final int CHUNK_BYTES = 64 << 10;

  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  /** Mounts one in a folder; empty where that is not allowed. */
  static Optional<SmallDisk> mount(Path folder) throws IOException, InterruptedException {
    String[] command = {
      "mount", "-t", "tmpfs", "-o", "size=" + MEBIBYTES, "ullage-soak", folder.toString()
    };
    return run(command) == 0 ? Optional.of(new SmallDisk(folder)) : Optional.empty();
  }

  /** Takes what space is left. */
  void fill() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            ballast,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      while (true) {
        file.write(ByteBuffer.allocate(CHUNK_BYTES));
      }
    } catch (IOException full) {
      if (!Files.exists(ballast)) {
        throw full;
      }
    }
  }

  /** Gives it back. */
  void free() throws IOException {
    Files.deleteIfExists(ballast);
  }

  /** Gives back all of it. */
  void unmount() throws IOException, InterruptedException {
    free();
    if (run("umount", folder.toString()) != 0) {
      throw new IOException("cannot unmount " + folder);
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException noSuchCommand) {
      return -1;
    }
  }
}
