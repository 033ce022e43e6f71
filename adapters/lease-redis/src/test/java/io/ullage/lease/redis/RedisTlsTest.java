package io.ullage.lease.redis;

import static io.ullage.lease.redis.Grants.LONG_NANOS;
import static io.ullage.lease.redis.Grants.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ullage.core.Registration;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LeaseStores;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases over TLS, with whom is trusted and with whom is not. */
class RedisTlsTest {
  private static final String PASSWORD = "correct-horse";

  @SuppressWarnings("NullAway.Init") // JUnit.
  @TempDir
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // BeforeAll.
  private static TestAuthority trusted;

  @BeforeAll
  static void makeCertificates() throws Exception {
    trusted = new TestAuthority(folder, "trusted", "ip:127.0.0.1,dns:localhost");
  }

  private static RedisLeaseOptions options(RedisServer server) {
    return server.options().withTls(trusted.certificates());
  }

  private static void assertTlsFails(RedisLeaseOptions options) {
    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> RedisLeaseStore.open(options))
        .withMessageContaining("TLS failed: ")
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.UNAVAILABLE));
  }

  @Test
  void aServerWhoseAuthorityIsTrustedKeepsLeases() throws Exception {
    try (RedisServer server = RedisServer.startTls(trusted, "--requirepass", PASSWORD);
        LeaseStore store =
            LeaseStores.open(
                URI.create(
                    "rediss://:"
                        + PASSWORD
                        + "@localhost:"
                        + server.port()
                        + "/secure?ca="
                        + trusted.certificates()));
        LeaseStore other =
            RedisLeaseStore.open(
                options(server).withCredentials(null, PASSWORD).withPrefix("secure"))) {
      LeaseGrant grant = take(store, "k");
      CompletableFuture<String> told = new CompletableFuture<>();
      Registration hints = other.onFreed(told::complete);

      assertThat(other.tryAcquire(new LeaseRequest("k", LONG_NANOS, "", true))).isNull();
      assertThat(grant.renew(LONG_NANOS)).isEqualTo(RenewalOutcome.HELD);
      assertThat(grant.release()).isTrue();
      assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo("k");
      assertThat(take(other, "k").token()).isGreaterThan(grant.token());
      hints.close();
    }
  }

  @Test
  void answersMayBeLongerThanARecordOfTls() {
    try (RedisServer server = RedisServer.startTls(trusted);
        LeaseStore store = RedisLeaseStore.open(options(server))) {
      String note = "n".repeat(LeaseRequest.NOTE_BYTES);
      List<LeaseGrant> grants = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        String key = "k".repeat(200) + i;
        grants.add(
            Objects.requireNonNull(
                store.tryAcquire(new LeaseRequest(key, LONG_NANOS, note, false))));
      }

      assertThat(store.list()).hasSize(grants.size()).allMatch(view -> view.note().equals(note));
    }
  }

  @Test
  void aServerThatComesBackIsAskedOnANewConnection() throws Exception {
    try (RedisServer server = RedisServer.startTls(trusted);
        LeaseStore store = RedisLeaseStore.open(options(server))) {
      assertThat(take(store, "k").release()).isTrue();
      server.kill();
      server.restart();

      assertThat(take(store, "k").release()).isTrue();
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    TestAuthority other = new TestAuthority(folder, "other", "ip:127.0.0.1,dns:localhost");
    try (RedisServer server = RedisServer.startTls(other)) {
      assertTlsFails(options(server));
      assertTlsFails(server.options().withTls(null));
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    TestAuthority elsewhere = new TestAuthority(folder, "elsewhere", "dns:elsewhere.example");
    try (RedisServer server = RedisServer.startTls(elsewhere)) {
      assertTlsFails(server.options().withTls(elsewhere.certificates()));
    }
  }

  @Test
  void nothingIsSaidInTheClearToWhoeverSpeaksNoTls() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<byte[]> heard = new CompletableFuture<>();
      Thread.ofPlatform().daemon().start(() -> answerPlainly(plain, heard));

      assertTlsFails(
          RedisLeaseOptions.of("127.0.0.1", plain.getLocalPort())
              .withTls(trusted.certificates())
              .withCredentials("ada", PASSWORD));

      byte[] bytes = heard.get(30, TimeUnit.SECONDS);
      // A record of a handshake.
      assertThat(bytes).startsWith((byte) 22, (byte) 3);
      assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
          .doesNotContain("AUTH", "ada", PASSWORD, "PING");
      plain.setSoTimeout(1);
      assertThatExceptionOfType(IOException.class)
          .as("it is not asked once more")
          .isThrownBy(plain::accept);
    }
  }

  private static void answerPlainly(ServerSocket plain, CompletableFuture<byte[]> heard) {
    try (Socket client = plain.accept()) {
      client.getOutputStream().write("+PONG\r\n+PONG\r\n".getBytes(StandardCharsets.UTF_8));
      heard.complete(client.getInputStream().readAllBytes());
    } catch (IOException e) {
      heard.completeExceptionally(e);
    }
  }

  @Test
  void aServerThatWantsTlsIsNotAskedInTheClear() {
    try (RedisServer server = RedisServer.startTls(trusted)) {
      Failures.assertFault(StoreFault.UNAVAILABLE, () -> RedisLeaseStore.open(server.options()));
    }
  }

  @Test
  void whatHasNoCertificatesIsRefused() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no certificate");
    for (Path file : List.of(text, folder.resolve("missing"))) {
      RedisLeaseOptions options = RedisLeaseOptions.of("127.0.0.1", 1).withTls(file);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> RedisLeaseStore.open(options))
          .withMessage("certificates: " + file + "; allowed: a readable PEM file of certificates");
    }
  }
}
