package io.ullage.lease.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a store and its server, and delays, swallows or cuts what the server answers. */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final RedisServer server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger generation = new AtomicInteger();
  volatile long replyDelayMillis;

  /** Whether connections end when the next answer is due. */
  volatile boolean cutting;

  /** How many connections end when the next answer is due. */
  final AtomicInteger cuts = new AtomicInteger();

  final AtomicInteger connections = new AtomicInteger();

  TcpProxy(RedisServer server) throws IOException {
    this.server = server;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  RedisLeaseOptions options() {
    return RedisLeaseOptions.of("127.0.0.1", listener.getLocalPort())
        .withRequestTimeout(RedisServer.PATIENCE);
  }

  /** From now on the connections that there are pass nothing on, though they stay open. */
  void partition() {
    generation.incrementAndGet();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(client);
        sockets.add(upstream);
        int mine = generation.get();
        connections.incrementAndGet();
        Thread.ofPlatform().daemon().start(() -> pass(client, upstream, mine, false));
        Thread.ofPlatform().daemon().start(() -> pass(upstream, client, mine, true));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void pass(Socket from, Socket to, int mine, boolean replies) {
    byte[] bytes = new byte[65_536];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length; (length = in.read(bytes)) >= 0; ) {
        if (replies && replyDelayMillis > 0) {
          Thread.sleep(replyDelayMillis);
        }
        if (replies && (cutting || cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0)) {
          return;
        }
        if (mine == generation.get()) {
          out.write(bytes, 0, length);
        }
      }
    } catch (IOException | InterruptedException ended) {
      return;
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
