package io.ullage.lease.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real server on loopback, with a port and a folder of its own, ended by its process handle.
 * Where none is installed the tests are skipped, except on CI, where that is a failure.
 */
final class RedisServer implements AutoCloseable {
  /** How long a request may take where the test is not about that. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int ATTEMPTS = 3;

  private final Path folder;
  private final String host;
  private final List<String> prefix;
  private final List<String> options;
  private final boolean tls;
  private final int port;
  private Process process;

  private RedisServer(
      Path folder, String host, int port, boolean tls, List<String> prefix, List<String> options)
      throws IOException {
    this.folder = folder;
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.prefix = prefix;
    this.options = options;
    this.process = launch();
  }

  /** Starts one that keeps nothing on disk unless the options say so. */
  static RedisServer start(String... options) {
    return startOn("127.0.0.1", List.of(), options);
  }

  /** Starts one through another command, for example in a network namespace. */
  static RedisServer startOn(String host, List<String> prefix, String... options) {
    return start(host, prefix, List.of(), List.of(options));
  }

  /** Starts one that speaks nothing but TLS. */
  static RedisServer startTls(TestAuthority authority, String... options) {
    return start("127.0.0.1", List.of(), authority.serverOptions(), List.of(options));
  }

  private static RedisServer start(
      String host, List<String> prefix, List<String> tlsOptions, List<String> moreOptions) {
    requireInstalled();
    for (int attempt = 1; ; attempt++) {
      try {
        Path folder = Files.createTempDirectory("redis");
        int port = freePort();
        List<String> options = new ArrayList<>(tlsOptions);
        if (!tlsOptions.isEmpty()) {
          options.add(Integer.toString(port));
        }
        options.addAll(moreOptions);
        RedisServer server =
            new RedisServer(folder, host, port, !tlsOptions.isEmpty(), prefix, options);
        if (server.answers()) {
          return server;
        }
        server.close();
        if (attempt == ATTEMPTS) {
          throw new IllegalStateException("redis-server ends at once");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void requireInstalled() {
    if (executable() != null) {
      return;
    }
    String message = "no redis-server is installed: tests of leases on Redis are skipped";
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message + ", which is not allowed on CI");
    }
    System.err.println(message);
    Assumptions.abort(message);
  }

  private static @Nullable Path executable() {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(":"))
        .flatMap(place -> Stream.of("redis-server", "valkey-server").map(Path.of(place)::resolve))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            String.valueOf(executable()),
            "--port",
            Integer.toString(port),
            "--bind",
            host,
            "--protected-mode",
            "no",
            "--dir",
            folder.toString(),
            "--save",
            "",
            "--daemonize",
            "no"));
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private boolean answers() {
    while (process.isAlive()) {
      if (!prefix.isEmpty() || isListening()) {
        return true;
      }
      pause();
    }
    return false;
  }

  private boolean isListening() {
    if (tls) {
      try (Socket socket = new Socket(host, port)) {
        return socket.isConnected();
      } catch (IOException notYet) {
        return false;
      }
    }
    try {
      String pong = ask("PING");
      // A password is asked for, or the data is still being read: it answers.
      return pong.startsWith("+PONG") || pong.startsWith("-NOAUTH") || pong.startsWith("-LOADING");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** One command without a client; its first line of answer. */
  String ask(String command) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[4096];
      int length = socket.getInputStream().read(answer);
      return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.UTF_8);
    }
  }

  int port() {
    return port;
  }

  String host() {
    return host;
  }

  Path folder() {
    return folder;
  }

  /** With patience, so that a machine that stands still for a moment fails no request. */
  RedisLeaseOptions options() {
    return RedisLeaseOptions.of(host, port).withRequestTimeout(PATIENCE);
  }

  RedisLeaseStore open() {
    return RedisLeaseStore.open(options());
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Starts it again on the same port and folder. */
  void restart() throws IOException {
    process = launch();
    if (!answers()) {
      throw new IllegalStateException("redis-server does not come back");
    }
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      if (!Files.exists(folder)) {
        return;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
