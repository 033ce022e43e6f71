package io.ullage.lease;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** The programs that {@link LeaseProcess} runs: arguments are program, store, TTL and more. */
final class LeaseProcessMain {
  /** How many keys the tight loop takes in turn. */
  static final int KEYS_IN_LOOP = 4;

  private static final int TURNS_BETWEEN_FORKS = 10;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How often a key that is held is renewed: with a long TTL it outlasts a busy machine. */
  private static final Duration OFTEN = Duration.ofMillis(500);

  private LeaseProcessMain() {}

  /** Runs one of them. */
  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[1]);
    Duration ttl = Duration.parse(arguments[2]);
    boolean often = arguments[0].equals("hold") && ttl.compareTo(OFTEN.multipliedBy(3)) > 0;
    try (LeaseStore store = ChronicleLeaseStore.open(path);
        LeaseManager manager =
            LeaseManager.builder(store)
                .ttl(ttl)
                .heartbeat(often ? OFTEN : ttl.dividedBy(3))
                .build()) {
      switch (arguments[0]) {
        case "hold" -> hold(manager, ttl.toNanos() * 3 / 4);
        case "hold-unrenewed" -> holdUnrenewed(store, ttl);
        case "collect" -> collect(manager, ttl);
        case "contend" -> contend(manager, Long.parseLong(arguments[3]));
        case "many" ->
            many(
                manager,
                arguments[3],
                Integer.parseInt(arguments[4]),
                Long.parseLong(arguments[5]));
        case "loop" -> loop(manager, Path.of(arguments[3]));
        case "open" -> awaitLine();
        case "work" -> work(manager, Duration.parse(arguments[3]));
        case "exit-while-renewing" -> exitWhileRenewing(manager);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  /**
   * Holds a key, and says when it was stopped meanwhile, and when it is lost; at each line of stdin
   * it says what its wall clock shows, and how often the lease was renewed.
   *
   * @param stopNanos from which on it was stopped by a test, and not held up by a busy machine
   */
  private static void hold(LeaseManager manager, long stopNanos) throws Exception {
    try (Lease lease = manager.acquire("k", Duration.ofSeconds(30));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(lease.token());
      long lastLook = System.nanoTime();
      boolean valid = true;
      while (valid) {
        valid = lease.isValid();
        long look = System.nanoTime();
        if (look - lastLook > stopNanos) {
          // It was stopped: this is the first look after it.
          System.out.println("woke " + valid);
        }
        lastLook = look;
        if (in.ready()) {
          if (in.readLine() == null) {
            break;
          }
          System.out.println(Instant.now() + " " + lease.renewals());
        }
        Thread.sleep(1);
      }
      System.out.println("lost " + lease.loss().map(LeaseLoss::cause).orElse(null));
    }
  }

  /**
   * Takes and gives back a few keys as fast as it can, and keeps the greatest token of each in a
   * file, mapped, where it stays when the process is killed.
   */
  private static void loop(LeaseManager manager, Path tokens) throws IOException {
    System.out.println("looping");
    try (FileChannel channel =
        FileChannel.open(tokens, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer greatest = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
      for (long i = 0; ; i++) {
        int key = (int) (i % KEYS_IN_LOOP);
        Lease lease = manager.tryAcquire("k" + key).orElse(null);
        if (lease != null) {
          if (lease.token() <= greatest.getLong(key * Long.BYTES)) {
            System.out.println("token " + lease.token() + " came back");
            return;
          }
          greatest.putLong(key * Long.BYTES, lease.token());
          lease.close();
        }
        if (i == 0) {
          System.out.println("begun");
        }
      }
    }
  }

  private static void awaitLine() throws IOException {
    System.out.println("open");
    System.out.println(System.in.read());
  }

  /** Works under a lease until it is told to end, or until something else ends it; says what. */
  private static void work(LeaseManager manager, Duration deadline) {
    CountDownLatch end = new CountDownLatch(1);
    Thread worker = Thread.currentThread();
    AtomicReference<Lease> held = new AtomicReference<>();
    try {
      String result =
          manager.run(
              "k",
              WorkflowOptions.defaults().withDeadline(deadline),
              lease -> {
                held.set(lease);
                System.out.println(lease.token());
                Thread.ofPlatform().daemon().start(() -> obey(end, worker));
                end.await();
                return "ended";
              });
      System.out.println(result);
    } catch (LeaseLostException e) {
      System.out.println(e.lossCause() + " by " + Objects.requireNonNull(e.getCause()).getClass());
    } catch (Exception e) {
      System.out.println(e.getClass());
    }
    System.out.println(held.get().renewals() > 0 ? "renewed" : "not renewed");
  }

  private static void obey(CountDownLatch end, Thread worker) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      if (Objects.equals(in.readLine(), "interrupt")) {
        worker.interrupt();
      } else {
        end.countDown();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /**
   * Holds many keys for a while, forking all the time, and says how many of them were lost: a child
   * begins with copies of its parent's files, and closes them.
   */
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
      if (turn % TURNS_BETWEEN_FORKS == 0) {
        new ProcessBuilder("true").start().waitFor();
      }
      Thread.sleep(1);
    }
    long lost = leases.stream().filter(lease -> !lease.isValid()).count();
    System.out.println(lost + " " + manager.statistics().lost());
  }
}
