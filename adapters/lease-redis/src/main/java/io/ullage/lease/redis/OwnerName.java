package io.ullage.lease.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names acquisitions, so that each is told from every other before the server has answered: the pid
 * and host of this process, for whoever reads records; a random part, for this store; a number.
 */
final class OwnerName {
  private static final int RANDOM_BYTES = 12;
  private static final int HOST_LENGTH = 64;

  private final String store;
  private final AtomicLong acquisitions = new AtomicLong();

  OwnerName() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    store =
        ProcessHandle.current().pid() + "@" + host() + "/" + HexFormat.of().formatHex(random) + "/";
  }

  private static String host() {
    String name;
    try {
      name = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
    return plain.substring(0, Math.min(plain.length(), HOST_LENGTH));
  }

  /** The name of the next acquisition. */
  String next() {
    return store + acquisitions.incrementAndGet();
  }

  /** The process id in a name. */
  static long pid(String owner) {
    return Long.parseLong(owner.substring(0, Math.max(0, owner.indexOf('@'))));
  }
}
