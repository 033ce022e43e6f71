package io.ullage.lease.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/**
 * A file of authorities, looked at before a connection is tried: what is wrong is the file then.
 */
final class Certificates {
  private Certificates() {}

  /**
   * Refuses what cannot be read.
   *
   * @throws IllegalArgumentException if it is no PEM file of certificates
   */
  static void requireReadable(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(pem).isEmpty()) {
        throw unreadable(file, null);
      }
    } catch (IOException | CertificateException e) {
      throw unreadable(file, e);
    }
  }

  private static IllegalArgumentException unreadable(Path file, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "certificates: " + file + "; allowed: a readable PEM file of certificates", cause);
  }
}
