package io.ullage.lease.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The socket of one connection, in the clear or with TLS over it.
 *
 * <p>The client's own would be reset when it is closed, and lose what is still on its way; this one
 * ends in order. Only {@link #close()} may be called by several threads: it ends what another one
 * waits for.
 */
final class RedisSocket implements JedisSocketFactory, AutoCloseable {
  private final RedisLeaseOptions options;
  private final @Nullable Tls tls;
  private final int timeoutMillis;

  /** Below TLS, if there is any: closing that socket never waits. */
  private volatile @Nullable Socket plain;

  private volatile boolean closed;
  private @Nullable Socket socket;

  /** A socket that is not connected yet; each step of that may take so long. */
  RedisSocket(RedisLeaseOptions options, @Nullable Tls tls, int timeoutMillis) {
    this.options = options;
    this.tls = tls;
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  public Socket createSocket() {
    try {
      Socket connected = connect();
      socket = tls == null ? connected : handshake(tls, connected);
      return socket;
    } catch (IOException e) {
      close();
      throw new JedisConnectionException(e);
    }
  }

  /** To the first of the host's addresses that answers. */
  private Socket connect() throws IOException {
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(options.host())) {
      Socket made = new Socket();
      plain = made;
      if (closed) {
        made.close();
      }
      try {
        made.setTcpNoDelay(true);
        made.setKeepAlive(true);
        made.setSoTimeout(timeoutMillis);
        made.connect(new InetSocketAddress(address, options.port()), timeoutMillis);
        return made;
      } catch (IOException e) {
        made.close();
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure == null ? new SocketException("the host has no address") : failure;
  }

  private Socket handshake(Tls tls, Socket connected) throws IOException {
    SSLSocket secured = tls.over(connected, options.host(), options.port());
    secured.startHandshake();
    return secured;
  }

  /** Whether something has come in, looked for again and again for so long. */
  boolean hasInputWithin(long nanos) throws IOException {
    Socket below = plain;
    if (below == null) {
      throw new SocketException("not connected");
    }
    InputStream input = below.getInputStream();
    long begun = System.nanoTime();
    while (input.available() == 0) {
      if (System.nanoTime() - begun >= nanos) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  /** Where to write what the client does not know of. */
  OutputStream output() throws IOException {
    return connected().getOutputStream();
  }

  /** Says that nothing more will be written; what was is still delivered. */
  void endOutput() throws IOException {
    connected().shutdownOutput();
  }

  private Socket connected() throws IOException {
    if (socket == null) {
      throw new SocketException("not connected");
    }
    return socket;
  }

  @Override
  public void close() {
    closed = true;
    try {
      Socket made = plain;
      if (made != null) {
        made.close();
      }
    } catch (IOException gone) {
      // Nothing was kept in it.
      return;
    }
  }
}
