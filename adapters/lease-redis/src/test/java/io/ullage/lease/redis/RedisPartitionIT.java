package io.ullage.lease.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.lease.FenceGuard;
import io.ullage.lease.StaleTokenException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Two hosts, each a network namespace, and a server that both reach until one no longer does. */
class RedisPartitionIT {
  private static final String TTL_MILLIS = "3000";

  /** A namespace with an interface whose other end is here. */
  private record Host(String name, String link, String address, String gateway)
      implements AutoCloseable {
    static Host make(int number) {
      // Names and addresses of this process, in the range of documentation and tests (RFC 2544).
      long pid = ProcessHandle.current().pid();
      String link = "ul" + Long.toString(pid, 36) + number;
      String net = "198.18." + (pid % 250) + ".";
      Host host =
          new Host(
              "ullage-" + pid + "-" + number, link, net + (4 * number + 2), net + (4 * number + 1));
      if (run("ip", "netns", "add", host.name) != 0) {
        return unavailable();
      }
      boolean linked =
          run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", host.name)
                  == 0
              && run("ip", "addr", "add", host.gateway + "/30", "dev", link) == 0
              && run("ip", "link", "set", link, "up") == 0
              && run("ip", "-n", host.name, "addr", "add", host.address + "/30", "dev", "eth0") == 0
              && run("ip", "-n", host.name, "link", "set", "lo", "up") == 0
              && run("ip", "-n", host.name, "link", "set", "eth0", "up") == 0;
      if (!linked) {
        host.close();
        return unavailable();
      }
      return host;
    }

    private static Host unavailable() {
      String message = "no network namespaces can be made here: the test of a partition is skipped";
      System.err.println(message);
      Assumptions.abort(message);
      throw new IllegalStateException(message);
    }

    List<String> prefix() {
      return List.of("ip", "netns", "exec", name);
    }

    void cutOff() {
      assertThat(run("ip", "link", "set", link, "down")).isZero();
    }

    void joinAgain() {
      assertThat(run("ip", "link", "set", link, "up")).isZero();
    }

    @Override
    public void close() {
      run("ip", "link", "del", link);
      run("ip", "netns", "del", name);
    }
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException notInstalled) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Test
  void aHostThatIsCutOffGivesUpAndItsLateWriteIsRefused() throws Exception {
    try (Host one = Host.make(1);
        Host two = Host.make(2);
        RedisServer server = RedisServer.startOn("0.0.0.0", List.of());
        OtherJvm first = worker(one, server);
        OtherJvm second = waitingBehind(first, two, server)) {
      // The resource: it sees the token that comes with each write.
      FenceGuard resource = new FenceGuard();
      long firstToken = Long.parseLong(first.ask("write"));
      resource.check(firstToken);
      assertThat(first.ask("valid")).isEqualTo("true");

      one.cutOff();
      long secondToken = Long.parseLong(second.line());

      assertThat(first.ask("valid")).isEqualTo("false");
      assertThat(secondToken).isGreaterThan(firstToken);
      resource.check(Long.parseLong(second.ask("write")));
      long late = Long.parseLong(first.ask("write"));
      assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> resource.check(late));
      one.joinAgain();
      assertThat(first.ask("valid")).isEqualTo("false");
      assertThat(second.ask("valid")).isEqualTo("true");
    }
  }

  private static OtherJvm waitingBehind(OtherJvm holder, Host host, RedisServer server)
      throws IOException {
    assertThat(holder.line()).isEqualTo("waiting");
    assertThat(holder.line()).isNotEmpty();
    OtherJvm waiter = worker(host, server);
    assertThat(waiter.line()).isEqualTo("waiting");
    return waiter;
  }

  private static OtherJvm worker(Host host, RedisServer server) throws IOException {
    return OtherJvm.start(
        host.prefix(),
        LeaseWorker.class,
        "redis://" + host.gateway + ":" + server.port() + "/hosts",
        "k",
        TTL_MILLIS);
  }
}
