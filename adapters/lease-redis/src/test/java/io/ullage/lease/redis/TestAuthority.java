package io.ullage.lease.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority, and a server's key and certificate that it signed, made by keytool. */
final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final String name;

  /**
   * Makes one.
   *
   * @param folder where its files are
   * @param name what their names begin with
   * @param hosts whom the server's certificate is for, as keytool writes it: {@code
   *     ip:127.0.0.1,dns:localhost}
   */
  TestAuthority(Path folder, String name, String hosts)
      throws IOException, InterruptedException, GeneralSecurityException {
    this.folder = folder;
    this.name = name;
    keytool("ca", "-ext", "bc:critical=ca:true");
    keytool("server", "-signer", "ca", "-ext", "san=" + hosts);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      store.load(in, PASSWORD.toCharArray());
    }
    pem(certificates(), "CERTIFICATE", store.getCertificate("ca").getEncoded());
    pem(serverCertificate(), "CERTIFICATE", store.getCertificate("server").getEncoded());
    pem(serverKey(), "PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded());
  }

  private void keytool(String alias, String... more) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name + " " + alias,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store().toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(more));
    Path log = folder.resolve(name + "-keytool.log");
    int exitCode =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
  }

  private static void pem(Path file, String kind, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder().encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private Path store() {
    return folder.resolve(name + ".p12");
  }

  /** Whom to trust, as PEM. */
  Path certificates() {
    return folder.resolve(name + "-ca.pem");
  }

  private Path serverCertificate() {
    return folder.resolve(name + "-server.pem");
  }

  private Path serverKey() {
    return folder.resolve(name + "-server-key.pem");
  }

  /** What a server is started with that has this authority's certificate; its port follows. */
  List<String> serverOptions() {
    return List.of(
        "--tls-cert-file",
        serverCertificate().toString(),
        "--tls-key-file",
        serverKey().toString(),
        "--tls-ca-cert-file",
        certificates().toString(),
        "--tls-auth-clients",
        "no",
        "--port",
        "0",
        "--tls-port");
  }
}
