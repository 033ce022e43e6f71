package io.ullage.bench.lease;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Redis server on loopback that keeps nothing on disk, for one benchmark. */
public final class RedisServer implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1_000;

  private final Path folder;
  private final int port;
  private final Process process;

  /** Starts one. */
  RedisServer() throws IOException {
    Path executable = executable();
    if (executable == null) {
      throw new IllegalStateException("this benchmark needs a redis-server on the PATH");
    }
    folder = Files.createTempDirectory("ullage-bench");
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    process =
        new ProcessBuilder(
                executable.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (!isListening()) {
      if (!process.isAlive()) {
        throw new IllegalStateException("redis-server ended with " + process.exitValue());
      }
      Thread.onSpinWait();
    }
  }

  /** Whether there is one to start. */
  public static boolean isInstalled() {
    return executable() != null;
  }

  private static @Nullable Path executable() {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(":"))
        .flatMap(place -> Stream.of("redis-server", "valkey-server").map(Path.of(place)::resolve))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Where it is. */
  URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Folders.delete(folder);
  }
}
