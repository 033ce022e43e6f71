package io.ullage.lease.redis;

import io.ullage.core.Registration;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LeaseView;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.RenewalRequest;
import io.ullage.lease.StoreFault;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Leases among hosts, on one Redis or Valkey server (5 or newer). Each question is one script on
 * the server, which compares owner and token of a record and changes it in one step; each takes one
 * round trip. Thread-safe; each request has a connection of its own meanwhile, of at most 16 that a
 * store keeps, and is asked on its caller's thread.
 *
 * <p><b>What holds as long as the server keeps its data and its wall clock is not set forward:</b>
 * what {@link LeaseStore} promises. The time of a lease runs by the server's clock from when the
 * request arrives there; its holder counts from before it was sent, by its own monotonic clock, and
 * less a margin. So no two clocks need to agree, and a server that is stopped, slow or out of reach
 * makes holders give up early, never late.
 *
 * <p><b>What does not:</b> a server that loses data forgets leases that are held. It does so when
 * it restarts without persistence, or with {@code appendfsync everysec} by up to a second; and when
 * a replica is promoted that had not received everything, since Redis replicates after it has
 * answered. Then two holders may both believe to be valid, for at most a TTL; the former one learns
 * of it at its next heartbeat. {@link RedisLeaseOptions#withReplicas} makes this rarer. What
 * protects data is the fencing token: tokens begin at the server's wall clock, as those of every
 * store do, and so grow over a loss of all data as well, as long as that clock is not set back by
 * more than the loss took. A resource with a {@link io.ullage.lease.FenceGuard} refuses the former
 * holder.
 *
 * <p>All records lie in one hash, {@code PREFIX:leases}, some 120 bytes and the key each, while
 * they are held; one counter in the same hash is all that is kept for ever. The hash has no expiry,
 * so that no eviction policy for keys with one touches it; a server that may evict any key is
 * refused. In a cluster a namespace lives on one node: give that node's address, spread keys over
 * several prefixes.
 *
 * <p>A waiter hears of a release by a message and of the end of a TTL by its own timer. Renewals of
 * one heartbeat travel together. When the server's memory is full, leases that are held can still
 * be renewed, revoked and released; only new ones are refused, with {@link StoreFault#FULL}.
 */
public final class RedisLeaseStore implements LeaseStore {
  /**
   * So many records at most are read or renewed by one run of a script: others are served after
   * some 200 µs.
   */
  private static final int BATCH = 128;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** As a manager's margin: a tenth of the TTL, at least 5 ms. */
  private static final int MARGINS_PER_TTL = 10;

  private static final long LEAST_MARGIN_NANOS = 5 * NANOS_PER_MILLI;

  /** Leaves time to try again, or to tell of the failure, within the margin. */
  private static final double SHARE_OF_MARGIN = 0.9;

  /** Of a request's time, what replicas may take of it. */
  private static final double SHARE_OF_REPLICAS = 0.75;

  private final RedisLeaseOptions options;
  private final Faults faults;
  private final RedisLink link;
  private final FreedKeys freed;
  private final OwnerName owners = new OwnerName();

  private RedisLeaseStore(RedisLeaseOptions options) {
    this.options = options;
    this.faults = new Faults(options);
    this.link = new RedisLink(options, faults);
    this.freed = new FreedKeys(link);
  }

  /**
   * Connects to a server.
   *
   * @param location see {@link RedisLeaseOptions#parse}
   * @return an open store
   * @throws IllegalArgumentException naming what is wrong with the URI, without the password
   * @throws LeaseStoreException if the server cannot be reached, refuses, or may evict leases
   */
  public static RedisLeaseStore open(URI location) {
    return open(RedisLeaseOptions.parse(location));
  }

  /**
   * Connects to a server.
   *
   * @param options where it is and how to ask
   * @return an open store
   * @throws LeaseStoreException if the server cannot be reached, refuses, or may evict leases
   */
  public static RedisLeaseStore open(RedisLeaseOptions options) {
    RedisLeaseStore store = new RedisLeaseStore(options);
    try {
      store.requireNoEviction(store.link.connect());
      return store;
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private void requireNoEviction(String memory) {
    boolean bounded = memory.lines().anyMatch(line -> line.matches("maxmemory:[1-9]\\d*"));
    boolean evicts = memory.lines().anyMatch(line -> line.startsWith("maxmemory_policy:allkeys"));
    if (bounded && evicts) {
      throw faults.fault(
          StoreFault.UNSAFE_SETTINGS,
          "the server may evict any key when its memory is full, leases that are held included;"
              + " allowed: maxmemory-policy noeviction, or one of the volatile ones",
          null);
    }
  }

  // ---- acquiring ----

  @Override
  public @Nullable LeaseGrant tryAcquire(LeaseRequest request) {
    String key = request.key();
    String owner = owners.next();
    long timeout = timeoutNanos(request.ttlNanos());
    // Whether it was granted is not known if nobody hears the answer; nobody would give it back.
    ScriptCall undo = undo(key, owner);
    Answer answer =
        link.call(
            ScriptCall.of(
                    LeaseScript.ACQUIRE,
                    replicaMillis(timeout),
                    timeout,
                    key,
                    owner,
                    millis(request.ttlNanos()),
                    Notes.cut(request.note()))
                .orElse(undo));
    long token = answer.number(0);
    if (token == 0) {
      if (request.waiting()) {
        freed.expect(key, answer.number(1));
      }
      return null;
    }
    if (answer.replicas() < options.replicas()) {
      link.undoLater(undo);
      throw tooFewReplicas(answer.replicas());
    }
    return new RedisGrant(this, key, owner, token, answer.number(2) == 1);
  }

  /** Frees what an acquisition may have got. */
  private ScriptCall undo(String key, String owner) {
    return ScriptCall.of(
        LeaseScript.RELEASE, 0, options.requestTimeout().toNanos(), key, owner, "");
  }

  private LeaseStoreException tooFewReplicas(long have) {
    return faults.fault(
        StoreFault.NOT_READY,
        "confirmed by " + have + " replicas in time; required: " + options.replicas(),
        null);
  }

  // ---- holding ----

  RenewalOutcome renew(RedisGrant grant, long ttlNanos) {
    long timeout = timeoutNanos(ttlNanos);
    Answer answer =
        link.call(
            ScriptCall.of(
                LeaseScript.RENEW,
                replicaMillis(timeout),
                timeout,
                grant.key(),
                grant.owner(),
                Long.toString(grant.token()),
                millis(ttlNanos)));
    return confirmedOutcome(grant, answer, 0);
  }

  RenewalOutcome check(RedisGrant grant) {
    Answer answer =
        ask(LeaseScript.RENEW, grant.key(), grant.owner(), Long.toString(grant.token()), "0");
    return outcome(grant, answer.number(0));
  }

  boolean release(RedisGrant grant) {
    Answer answer =
        ask(LeaseScript.RELEASE, grant.key(), grant.owner(), Long.toString(grant.token()));
    boolean freed = answer.number(0) == 1;
    if (!freed && answer.repeated()) {
      throw faults.fault(
          StoreFault.UNAVAILABLE,
          "the connection ended while the key was released; whether it was held until then is not"
              + " known",
          null);
    }
    return freed;
  }

  /** What is asked in the longest time that a request may take, and of no replica. */
  private Answer ask(LeaseScript script, String... arguments) {
    return link.call(ScriptCall.of(script, 0, options.requestTimeout().toNanos(), arguments));
  }

  @Override
  public boolean renewsTogether() {
    return true;
  }

  @Override
  public void renewAll(List<RenewalRequest> requests) {
    List<ScriptCall> calls = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += BATCH) {
      calls.add(renewal(requests.subList(from, Math.min(requests.size(), from + BATCH))));
    }
    if (!calls.isEmpty()) {
      long patience = calls.stream().mapToLong(ScriptCall::timeoutNanos).min().getAsLong();
      link.callAll(calls, patience);
    }
  }

  private ScriptCall renewal(List<RenewalRequest> batch) {
    String[] arguments = new String[4 * batch.size()];
    long shortestTtl = Long.MAX_VALUE;
    for (int i = 0; i < batch.size(); i++) {
      RenewalRequest request = batch.get(i);
      if (!(request.grant() instanceof RedisGrant grant) || !equals(grant.store())) {
        throw new IllegalArgumentException(
            "requests: a grant of another store; allowed: grants of this one");
      }
      arguments[4 * i] = grant.key();
      arguments[4 * i + 1] = grant.owner();
      arguments[4 * i + 2] = Long.toString(grant.token());
      arguments[4 * i + 3] = millis(request.ttlNanos());
      shortestTtl = Math.min(shortestTtl, request.ttlNanos());
    }
    long timeout = timeoutNanos(shortestTtl);
    ScriptCall call = ScriptCall.of(LeaseScript.RENEW, replicaMillis(timeout), timeout, arguments);
    CompletableFuture<?> ignored =
        call.answer().whenComplete((answer, failure) -> answer(batch, answer, failure));
    return call;
  }

  private void answer(
      List<RenewalRequest> batch, @Nullable Answer answer, @Nullable Throwable failure) {
    for (int i = 0; i < batch.size(); i++) {
      RenewalRequest request = batch.get(i);
      try {
        if (answer == null) {
          request
              .answer()
              .completeExceptionally(failure == null ? new IllegalStateException() : failure);
          continue;
        }
        request.answer().complete(confirmedOutcome((RedisGrant) request.grant(), answer, i));
      } catch (LeaseStoreException failed) {
        request.answer().completeExceptionally(failed);
      }
    }
  }

  private RenewalOutcome confirmedOutcome(RedisGrant grant, Answer answer, int index) {
    RenewalOutcome outcome = outcome(grant, answer.number(index));
    if (outcome == RenewalOutcome.HELD && answer.replicas() < options.replicas()) {
      throw tooFewReplicas(answer.replicas());
    }
    return outcome;
  }

  private RenewalOutcome outcome(RedisGrant grant, long answered) {
    return switch ((int) answered) {
      case 0 -> grant.outcome(RenewalOutcome.EXPIRED);
      case 1 -> RenewalOutcome.HELD;
      case 2 -> RenewalOutcome.TAKEN_OVER;
      default ->
          throw faults.fault(StoreFault.DAMAGED, "damaged record of key " + grant.key(), null);
    };
  }

  // ---- looking ----

  @Override
  public Optional<LeaseView> peek(String key) {
    LeaseRequest.checkKey(key);
    Answer answer = ask(LeaseScript.READ, "one", key);
    TreeMap<String, LeaseView> views = new TreeMap<>();
    addViews(answer, views);
    return Optional.ofNullable(views.get(key));
  }

  @Override
  public List<LeaseView> list() {
    TreeMap<String, LeaseView> views = new TreeMap<>();
    String cursor = "0";
    do {
      Answer answer = ask(LeaseScript.READ, "some", cursor, Integer.toString(BATCH));
      addViews(answer, views);
      cursor = answer.text(1);
    } while (!cursor.equals("0"));
    return List.copyOf(views.values());
  }

  private void addViews(Answer answer, Map<String, LeaseView> views) {
    long now = Long.parseLong(answer.text(0));
    for (int i = 2; i + 1 < answer.values().size(); i += 2) {
      String key = answer.text(i);
      if (key.isEmpty()) {
        // The counter of tokens.
        continue;
      }
      LeaseView view = RedisRecord.view(key, answer.text(i + 1), now);
      if (view == null) {
        throw faults.fault(StoreFault.DAMAGED, "damaged record of key " + key, null);
      }
      views.put(key, view);
    }
  }

  @Override
  public boolean revoke(String key, String reason) {
    LeaseRequest.checkKey(key);
    return ask(LeaseScript.REVOKE, key, Notes.cut(reason)).number(0) == 1;
  }

  @Override
  public Registration onFreed(Consumer<? super String> listener) {
    return freed.listen(listener);
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public Duration answersWithin() {
    return options.requestTimeout();
  }

  @Override
  public void close() {
    freed.close();
    link.close();
  }

  // ---- times ----

  /** How long a request about a lease of a TTL may take. */
  private long timeoutNanos(long ttlNanos) {
    long margin = Math.max(ttlNanos / MARGINS_PER_TTL, LEAST_MARGIN_NANOS);
    return Math.min(options.requestTimeout().toNanos(), (long) (margin * SHARE_OF_MARGIN));
  }

  private long replicaMillis(long timeoutNanos) {
    if (options.replicas() == 0) {
      return 0;
    }
    long share = (long) (timeoutNanos * SHARE_OF_REPLICAS) / NANOS_PER_MILLI;
    // To the server 0 is for ever.
    return Math.max(1, Math.min(options.replicaTimeout().toMillis(), share));
  }

  /** Rounded up: the server must never count less than the holder. */
  private static String millis(long nanos) {
    return Long.toString((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }

  /** Where it is, without user and password. */
  @Override
  public String toString() {
    return "RedisLeaseStore[" + options.location() + "]";
  }
}
