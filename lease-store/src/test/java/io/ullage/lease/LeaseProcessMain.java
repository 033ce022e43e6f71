package io.ullage.lease;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The programs that {@link LeaseProcess} runs: arguments are program, store, TTL and more. */
final class LeaseProcessMain {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private LeaseProcessMain() {}

  /** Runs one of them. */
  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[1]);
    try (LeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager =
            LeaseManager.builder(store).ttl(Duration.parse(arguments[2])).build()) {
      switch (arguments[0]) {
        case "hold" -> hold(manager);
        case "hold-unrenewed" -> holdUnrenewed(store, Duration.parse(arguments[2]));
        case "collect" -> collect(manager, Duration.parse(arguments[2]));
        case "contend" -> contend(manager, Long.parseLong(arguments[3]));
        case "many" ->
            many(
                manager,
                arguments[3],
                Integer.parseInt(arguments[4]),
                Long.parseLong(arguments[5]));
        case "loop" -> loop(manager);
        case "exit-while-renewing" -> exitWhileRenewing(manager);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  /** Holds a key, and says at each line of stdin whether it still believes so. */
  private static void hold(LeaseManager manager) throws Exception {
    try (Lease lease = manager.acquire("k", Duration.ofSeconds(30));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(lease.token());
      long lastLook = System.nanoTime();
      boolean valid = true;
      while (valid) {
        valid = lease.isValid();
        long look = System.nanoTime();
        if (look - lastLook > 1_500_000_000L) {
          // It was stopped: this is the first look after it.
          System.out.println("woke " + valid);
        }
        lastLook = look;
        if (in.ready() && in.readLine() == null) {
          break;
        }
        Thread.sleep(1);
      }
      System.out.println("lost " + lease.loss().map(LeaseLoss::cause).orElse(null));
    }
  }

  /** Takes and gives back a few keys as fast as it can. */
  private static void loop(LeaseManager manager) {
    System.out.println("looping");
    for (long i = 0; ; i++) {
      manager.tryAcquire("k" + i % 4).ifPresent(Lease::close);
      if (i == 0) {
        System.out.println("begun");
      }
    }
  }

  /** Ends the JVM in the middle of renewals. */
  private static void exitWhileRenewing(LeaseManager manager) throws Exception {
    for (int i = 0; i < 50; i++) {
      manager.acquire("r" + i, Duration.ofSeconds(30));
    }
    Thread.sleep(60);
    System.out.println("exiting");
    Runtime.getRuntime().exit(0);
  }

  /** Takes a key without a heartbeat, and then says what becomes of it when it is asked for. */
  private static void holdUnrenewed(LeaseStore store, Duration ttl) throws Exception {
    LeaseGrant grant =
        Objects.requireNonNull(
            store.tryAcquire(new LeaseRequest("k", ttl.toNanos(), "unrenewed", false)));
    System.out.println(grant.token());
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (in.readLine() != null) {
        System.out.println(
            grant.renew(ttl.toNanos()) + " " + grant.check() + " " + grant.release());
      }
    }
  }

  /** Holds a key while the collector stops everything for longer than the TTL. */
  private static void collect(LeaseManager manager, Duration ttl) throws Exception {
    List<Object[]> live = new ArrayList<>();
    long pauseNanos = 0;
    while (pauseNanos < 3 * ttl.toNanos()) {
      for (int i = 0; i < 1_000_000; i++) {
        live.add(new Object[] {live.isEmpty() ? "" : live.getLast()});
      }
      long begun = System.nanoTime();
      System.gc();
      pauseNanos = System.nanoTime() - begun;
    }
    Lease lease = manager.acquire("k", PATIENCE);
    System.out.println(lease.token());
    System.gc();
    System.out.println(lease.isValid());
    System.out.println(live.size() > 0);
  }

  /** Takes a key and gives it back until its tokens pass a limit, and says how often it had it. */
  private static void contend(LeaseManager manager, long lastToken) throws Exception {
    System.out.println("ready");
    int held = 0;
    while (true) {
      try (Lease lease = manager.acquire("k", PATIENCE)) {
        if (lease.token() > lastToken) {
          break;
        }
        held++;
      }
    }
    System.out.println(held);
  }

  /** Holds many keys for a while, and says how many of them were lost. */
  private static void many(LeaseManager manager, String prefix, int count, long millis)
      throws Exception {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leases.add(manager.acquire(prefix + i, PATIENCE));
    }
    System.out.println("held");
    long until = System.nanoTime() + millis * 1_000_000;
    int turn = 0;
    while (System.nanoTime() < until) {
      // Some come and go among those that stay.
      int index = turn++ % count;
      leases.get(index).close();
      leases.set(index, manager.acquire(prefix + index, PATIENCE));
      Thread.sleep(1);
    }
    long lost = leases.stream().filter(lease -> !lease.isValid()).count();
    System.out.println(lost + " " + manager.statistics().lost());
  }
}
