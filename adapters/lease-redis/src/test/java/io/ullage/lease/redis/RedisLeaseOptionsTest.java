package io.ullage.lease.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ullage.lease.LeaseStores;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RedisLeaseOptionsTest {
  private static RedisLeaseOptions parse(String uri) {
    return RedisLeaseOptions.parse(URI.create(uri));
  }

  @Test
  void aHostIsEnough() {
    assertThat(parse("redis://cache")).isEqualTo(RedisLeaseOptions.of("cache", 6379));
  }

  @Test
  void aUriSaysEverything() {
    RedisLeaseOptions options =
        parse(
            "rediss://ada:p%40ss+w%3Ard@[::1]:7000/team/orders?timeout=300ms&replicas=2"
                + "&replicaTimeout=100ms&database=3&ca=/etc/ca.pem");

    assertThat(options.host()).isEqualTo("::1");
    assertThat(options.port()).isEqualTo(7000);
    assertThat(options.user()).isEqualTo("ada");
    assertThat(options.password()).isEqualTo("p@ss+w:rd");
    assertThat(options.prefix()).isEqualTo("team/orders");
    assertThat(options.tls()).isTrue();
    assertThat(options.certificates()).isEqualTo(Path.of("/etc/ca.pem"));
    assertThat(options.requestTimeout()).isEqualTo(Duration.ofMillis(300));
    assertThat(options.replicas()).isEqualTo(2);
    assertThat(options.replicaTimeout()).isEqualTo(Duration.ofMillis(100));
    assertThat(options.database()).isEqualTo(3);
    assertThat(options.toString()).isEqualTo("RedisLeaseOptions[rediss://[::1]:7000/team/orders]");
  }

  @Test
  void aPasswordNeedsNoUser() {
    assertThat(parse("redis://:secret@h").user()).isNull();
    assertThat(parse("redis://:secret@h").password()).isEqualTo("secret");
  }

  @Test
  void whatIsWrongIsNamedWithoutThePassword() {
    refuses("redis://:secret@h?timeuot=1s", "option: timeuot; allowed: ca, database, replica");
    refuses("redis://:secret@h?timeout=soon", "timeout: soon; allowed: like 500ms or 2s");
    refuses("redis://:secret@h?timeout=2m", "requestTimeout: PT2M; allowed: 1 ms to 1 minute");
    refuses("redis://:secret@h?replicas=x", "replicas: x; allowed: a whole number");
    refuses("redis://:secret@h?replicas=1&replicaTimeout=2s", "replicaTimeout: PT2S; allowed: ");
    refuses("redis://:secret@h?ca=/c.pem", "certificates: /c.pem; allowed: only with TLS");
    refuses("redis://:secret@h:70000", "port: 70000; allowed: 1 to 65535");
    refuses("redis:/no-host", "location: names no host; allowed: redis://");
    refuses("redis://h/a%0Ab", "prefix: a\nb; allowed: 1 to 200 printable characters");
  }

  private static void refuses(String uri, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(uri))
        .withMessageStartingWith(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Property(tries = 500)
  void whateverAUriSaysIsTakenOrRefusedByType(
      @ForAll @StringLength(max = 20) String user,
      @ForAll @StringLength(max = 20) String host,
      @ForAll int port,
      @ForAll @StringLength(max = 20) String prefix,
      @ForAll("queries") String query) {
    String password = "hunter2";
    URI uri;
    try {
      uri =
          new URI(
              "redis", user + ":" + password + "@" + host + ":" + port, "/" + prefix, query, null);
    } catch (URISyntaxException noUri) {
      return;
    }

    try {
      assertThat(RedisLeaseOptions.parse(uri).toString()).doesNotContain(password);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).message().contains("; allowed: ").doesNotContain(password);
    }
  }

  @Provide
  Arbitrary<String> queries() {
    return Combinators.combine(
            Arbitraries.of("ca", "database", "replicaTimeout", "replicas", "timeout", ""),
            Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12),
                Arbitraries.strings().withChars("0123456789ms-%+").ofMaxLength(12)))
        .as((name, value) -> name + "=" + value)
        .list()
        .ofMaxSize(3)
        .map(options -> String.join("&", options));
  }

  @Test
  void storesAreFoundByTheirScheme() {
    assertThat(LeaseStores.schemes()).contains("file", "redis", "rediss");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseStores.open(URI.create("rediss://ada:secret@h?x=1")))
        .withMessageStartingWith("option: x");
  }

  @Test
  void anUnknownSchemeIsRefusedWithoutThePassword() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseStores.open(URI.create("reddis://ada:secret@h/p")))
        .withMessage(
            "location: reddis://...@h/p; allowed: URIs of the schemes file, redis, rediss");
  }
}
