package io.ullage.lease.redis;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a store trusts: authorities of its own or the JVM's, and only for the host it asked for. */
final class Tls {
  private final SSLContext context;

  /**
   * Reads the authorities.
   *
   * @param certificates a PEM file, or null for the JVM's
   * @throws IllegalArgumentException if it is none
   */
  Tls(@Nullable Path certificates) {
    try {
      if (certificates == null) {
        context = SSLContext.getDefault();
        return;
      }
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      try (InputStream pem = Files.newInputStream(certificates)) {
        int number = 0;
        for (Certificate authority :
            CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          authorities.setCertificateEntry("authority-" + number++, authority);
        }
      }
      if (authorities.size() == 0) {
        throw notPem(certificates, null);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
    } catch (IOException | GeneralSecurityException e) {
      throw notPem(certificates, e);
    }
  }

  private static IllegalArgumentException notPem(
      @Nullable Path certificates, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "certificates: " + certificates + "; allowed: a readable PEM file of certificates", cause);
  }

  /** Over a connection; nothing is exchanged yet. */
  SSLSocket over(Socket connected, String host, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    // The rules by which a certificate names a host.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }
}
