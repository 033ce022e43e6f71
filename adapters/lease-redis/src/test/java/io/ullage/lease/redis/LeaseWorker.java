package io.ullage.lease.redis;

import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStores;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A process of its own that waits for a key, says its token, and then answers questions: {@code
 * valid}, and {@code write}, which writes whether or not the lease is still valid.
 */
final class LeaseWorker {
  private LeaseWorker() {}

  public static void main(String[] arguments) throws Exception {
    Duration ttl = Duration.ofMillis(Long.parseLong(arguments[2]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (LeaseStore store = LeaseStores.open(URI.create(arguments[0]));
        LeaseManager manager = LeaseManager.builder(store).ttl(ttl).build()) {
      System.out.println("waiting");
      Lease lease = manager.acquire(arguments[1], Duration.ofMinutes(2));
      System.out.println(lease.token());
      for (String question; (question = in.readLine()) != null; ) {
        System.out.println(question.equals("valid") ? lease.isValid() : lease.token());
      }
    }
  }
}
