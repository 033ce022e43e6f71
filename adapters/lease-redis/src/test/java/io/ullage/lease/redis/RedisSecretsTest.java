package io.ullage.lease.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStores;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A password that a URI has is shown nowhere. */
class RedisSecretsTest {
  private static final String SECRET = "hunter2";

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://ada:hunter2@127.0.0.1:1",
        "redis://:hunter2@no-such-host.invalid",
        "redis://:hunter2@h:70000",
        "redis://:hunter2@h?what=1",
        "redis://:hunter2@h?replicas=some",
        "redis://:hunter2@h?ca=/none",
        "redis://:hunter2@?timeout=1s",
        "redis://:hun@ter2:hunter2@h",
        "redis://:hunter2@a_b",
        "rediss://:hunter2@127.0.0.1:1?ca=/none",
        "rediss://:hunter2@127.0.0.1:1",
        "radish://:hunter2@h"
      })
  void noFailureToOpenAStoreShowsIt(String uri) {
    assertThatThrownBy(() -> LeaseStores.open(URI.create(uri)))
        .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
  }

  @Test
  void neitherAStoreNorWhatItLogsShowsIt() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    Queue<String> logged = new ConcurrentLinkedQueue<>();
    Handler handler = handler(logged);
    Logger root = Logger.getLogger("");
    Level level = root.getLevel();
    try (RedisServer server = RedisServer.start("--requirepass", SECRET);
        PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(capture);
      System.setErr(capture);
      root.addHandler(handler);
      root.setLevel(Level.ALL);
      URI uri = URI.create("redis://:" + SECRET + "@127.0.0.1:" + server.port());
      try (LeaseStore store = LeaseStores.open(uri);
          LeaseManager manager = LeaseManager.builder(store).build()) {
        manager.tryAcquire("k").orElseThrow().close();
        assertThat(List.of(store.toString(), RedisLeaseOptions.parse(uri).toString()))
            .noneMatch(text -> text.contains(SECRET));
        server.ask("AUTH " + SECRET);
        server.kill();
        assertThatThrownBy(() -> store.tryAcquire(new LeaseRequest("k", 1_000_000_000, "", false)))
            .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
      root.removeHandler(handler);
      root.setLevel(level);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain(SECRET);
    assertThat(logged).noneMatch(entry -> entry.contains(SECRET));
  }

  private static Handler handler(Queue<String> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        logged.add(entry.getMessage() + Arrays.toString(entry.getParameters()));
        if (entry.getThrown() != null) {
          logged.add(trace(entry.getThrown()));
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
