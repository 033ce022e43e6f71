package io.ullage.lease.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ullage.core.Registration;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseView;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.RenewalRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LeaseStore} must do. Extend it, hand in the store, and run it with JUnit: a
 * manager relies on nothing else. The store may be shared by all tests of a class, and may hold
 * keys of others: each test uses keys of its own. It may be milliseconds away, and may forget keys
 * that nobody holds, though never their tokens.
 */
public abstract class LeaseStoreContract {
  private static final Duration LONG_TTL = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final String run = UUID.randomUUID().toString();
  private final AtomicInteger keys = new AtomicInteger();

  /** For subclasses. */
  protected LeaseStoreContract() {}

  /**
   * The store under test; the same for all calls during one test.
   *
   * @return an open store
   */
  protected abstract LeaseStore store();

  /**
   * A TTL that tests wait for: short, but several times what the store and a busy machine take to
   * answer.
   *
   * @return 500 ms unless overridden
   */
  protected Duration shortTtl() {
    return Duration.ofMillis(500);
  }

  /**
   * How often each of four threads takes one key in the test of their exclusion.
   *
   * @return 50, which a store that is milliseconds away does in seconds, unless overridden
   */
  protected int holdsPerThread() {
    return 50;
  }

  private String newKey() {
    return "contract-" + run + "-" + keys.incrementAndGet();
  }

  private LeaseGrant take(String key, Duration ttl, String note) {
    return Objects.requireNonNull(
        store().tryAcquire(new LeaseRequest(key, ttl.toNanos(), note, false)),
        () -> "key '" + key + "' was refused");
  }

  private LeaseGrant take(String key, Duration ttl) {
    return take(key, ttl, "");
  }

  private boolean isTaken(String key) {
    LeaseGrant grant = store().tryAcquire(new LeaseRequest(key, LONG_TTL.toNanos(), "", false));
    if (grant != null) {
      grant.release();
    }
    return grant == null;
  }

  /** The state of a key; one that the store forgot is free. */
  private LeaseState stateOf(String key) {
    return store().peek(key).map(LeaseView::state).orElse(LeaseState.FREE);
  }

  /** Waits until the store itself says that a key's time ran out. */
  private void awaitExpiry(String key) throws InterruptedException {
    LeaseState state = stateOf(key);
    while (state != LeaseState.EXPIRED && state != LeaseState.FREE) {
      Thread.sleep(PAUSE);
      state = stateOf(key);
    }
  }

  @Test
  void aFreeKeyIsGranted() {
    LeaseGrant grant = take(newKey(), LONG_TTL);

    assertThat(grant.token()).isPositive();
    assertThat(grant.check()).isEqualTo(RenewalOutcome.HELD);
    assertThat(grant.release()).isTrue();
  }

  @Test
  void aHeldKeyIsRefused() {
    String key = newKey();
    LeaseGrant grant = take(key, LONG_TTL);

    assertThat(isTaken(key)).isTrue();
    assertThat(isTaken(newKey())).isFalse();
    assertThat(grant.release()).isTrue();
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void tokensGrowWithEveryAcquisition() {
    String key = newKey();
    long before = 0;
    for (int i = 0; i < 50; i++) {
      LeaseGrant grant = take(key, LONG_TTL);
      assertThat(grant.token()).isGreaterThan(before);
      before = grant.token();
      assertThat(grant.release()).isTrue();
    }
  }

  @Test
  void tokensGrowOverAnExpiry() throws InterruptedException {
    String key = newKey();
    LeaseGrant late = take(key, shortTtl());
    awaitExpiry(key);
    LeaseGrant next = take(key, LONG_TTL);

    assertThat(next.token()).isGreaterThan(late.token());
    assertThat(next.release()).isTrue();
  }

  @Test
  void anExpiredGrantIsFreeForOthersAndDeadForItsOwner() throws InterruptedException {
    String key = newKey();
    LeaseGrant late = take(key, shortTtl());
    awaitExpiry(key);
    LeaseGrant next = take(key, LONG_TTL);

    assertThat(late.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(late.check()).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(late.release()).isFalse();
    assertThat(next.check()).isEqualTo(RenewalOutcome.HELD);
    assertThat(isTaken(key)).isTrue();
    assertThat(next.release()).isTrue();
  }

  @Test
  void renewingAnExpiredGrantIsRefusedThoughNobodyTookTheKey() throws InterruptedException {
    String key = newKey();
    LeaseGrant late = take(key, shortTtl());
    awaitExpiry(key);

    assertThat(late.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.EXPIRED);
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void aRenewalExtends() throws InterruptedException {
    String key;
    LeaseGrant grant;
    RenewalOutcome renewal;
    do {
      // Where the machine stands still in between, its time is over: then once more.
      key = newKey();
      grant = take(key, shortTtl());
      renewal = grant.renew(LONG_TTL.toNanos());
    } while (renewal == RenewalOutcome.EXPIRED);
    assertThat(renewal).isEqualTo(RenewalOutcome.HELD);
    String control = newKey();
    LeaseGrant unrenewed = take(control, shortTtl());
    awaitExpiry(control);

    assertThat(grant.check()).isEqualTo(RenewalOutcome.HELD);
    assertThat(isTaken(key)).isTrue();
    assertThat(unrenewed.check()).isNotEqualTo(RenewalOutcome.HELD);
    assertThat(grant.release()).isTrue();
  }

  @Test
  void aRenewalMayShortenWhatIsLeft() throws InterruptedException {
    String key = newKey();
    LeaseGrant grant = take(key, LONG_TTL);
    assertThat(grant.renew(shortTtl().toNanos())).isEqualTo(RenewalOutcome.HELD);

    awaitExpiry(key);

    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void grantsThatAreRenewedTogetherAreAnsweredEachForItself() throws Exception {
    List<LeaseGrant> grants = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      names.add(newKey());
      grants.add(take(names.get(i), i == 7 ? shortTtl() : LONG_TTL));
    }
    assertThat(grants.get(200).release()).isTrue();
    LeaseGrant successor = take(names.get(200), LONG_TTL);
    assertThat(store().revoke(names.get(299), "maintenance")).isTrue();
    awaitExpiry(names.get(7));
    List<RenewalRequest> requests =
        grants.stream().map(grant -> new RenewalRequest(grant, 2 * LONG_TTL.toNanos())).toList();

    store().renewAll(requests);

    for (int i = 0; i < requests.size(); i++) {
      assertThat(requests.get(i).answer().get())
          .as("grant %s", i)
          .isEqualTo(
              switch (i) {
                case 7 -> RenewalOutcome.EXPIRED;
                case 200, 299 -> RenewalOutcome.TAKEN_OVER;
                default -> RenewalOutcome.HELD;
              });
    }
    assertThat(store().peek(names.getFirst()).orElseThrow().expiresIn()).isGreaterThan(LONG_TTL);
    assertThat(store().peek(names.get(298)).orElseThrow().expiresIn()).isGreaterThan(LONG_TTL);
    assertThat(successor.release()).isTrue();
    grants.forEach(LeaseGrant::release);
  }

  @Test
  void hintsAboutFreedKeysEndWithTheirRegistration() {
    List<String> told = new CopyOnWriteArrayList<>();
    String key = newKey();
    Registration hints = store().onFreed(told::add);
    hints.close();
    hints.close();

    assertThat(take(key, LONG_TTL).release()).isTrue();

    assertThat(told).isEmpty();
  }

  @Test
  void releasingTwiceFreesOnce() {
    String key = newKey();
    LeaseGrant first = take(key, LONG_TTL);
    assertThat(first.release()).isTrue();
    LeaseGrant second = take(key, LONG_TTL);

    assertThat(first.release()).isFalse();
    assertThat(first.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(isTaken(key)).isTrue();
    assertThat(second.release()).isTrue();
  }

  @Test
  void aRevokedGrantMayNotRenewAndBlocksTheKeyUntilItIsReleased() {
    String key = newKey();
    LeaseGrant grant = take(key, LONG_TTL);

    assertThat(store().revoke(key, "maintenance")).isTrue();

    LeaseView view = store().peek(key).orElseThrow();
    assertThat(view.state()).isEqualTo(LeaseState.REVOKED);
    assertThat(view.note()).isEqualTo("maintenance");
    assertThat(grant.check()).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(grant.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(isTaken(key)).isTrue();
    assertThat(grant.release()).isTrue();
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void aRevokedGrantThatNobodyReleasesEndsWithItsTtl() throws InterruptedException {
    String key;
    LeaseGrant grant;
    do {
      // Where the machine stands still in between, nobody has the key any more: then once more.
      key = newKey();
      grant = take(key, shortTtl());
    } while (!store().revoke(key, "maintenance"));

    awaitExpiry(key);

    assertThat(isTaken(key)).isFalse();
    assertThat(grant.release()).isFalse();
  }

  @Test
  void revokingAFreeKeyDoesNothing() {
    String key = newKey();
    assertThat(take(key, LONG_TTL).release()).isTrue();

    assertThat(store().revoke(key, "maintenance")).isFalse();
    assertThat(store().revoke(newKey(), "maintenance")).isFalse();
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void peekTellsWhoHoldsAKey() {
    String key = newKey();
    assertThat(store().peek(key)).isEmpty();
    LeaseGrant grant = take(key, LONG_TTL, "nightly é");

    LeaseView view = store().peek(key).orElseThrow();

    assertThat(view.key()).isEqualTo(key);
    assertThat(view.state()).isEqualTo(LeaseState.HELD);
    assertThat(view.token()).isEqualTo(grant.token());
    assertThat(view.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(view.note()).isEqualTo("nightly é");
    assertThat(view.alive()).isTrue();
    assertThat(view.expiresIn()).isPositive().isLessThanOrEqualTo(LONG_TTL);
    assertThat(view.acquiredAt())
        .isBetween(Instant.now().minus(LONG_TTL), Instant.now().plus(LONG_TTL));
    assertThat(grant.release()).isTrue();
    store()
        .peek(key)
        .ifPresent(
            after -> {
              assertThat(after.state()).isEqualTo(LeaseState.FREE);
              assertThat(after.pid()).isZero();
              assertThat(after.token()).isEqualTo(grant.token());
            });
  }

  @Test
  void listNamesEveryHeldKeyInOrder() {
    String first = newKey() + "a";
    String second = first.substring(0, first.length() - 1) + "b";
    LeaseGrant two = take(second, LONG_TTL);
    LeaseGrant one = take(first, LONG_TTL);

    assertThat(store().list()).extracting(LeaseView::key).contains(first, second).isSorted();
    assertThat(one.release()).isTrue();
    assertThat(two.release()).isTrue();
  }

  @Test
  void takesTheLongestKeyAndTheLongestNote() {
    String key = newKey();
    String longest =
        key
            + "é".repeat((LeaseRequest.KEY_BYTES - key.length()) / 2)
            + "x".repeat(key.length() % 2);
    String note = "n".repeat(LeaseRequest.NOTE_BYTES);
    LeaseGrant grant = take(longest, LONG_TTL, note);

    assertThat(store().peek(longest).orElseThrow().note()).isEqualTo(note);
    assertThat(isTaken(longest)).isTrue();
    assertThat(isTaken(key)).isFalse();
    assertThat(grant.release()).isTrue();
  }

  @Test
  void refusesKeysThatCannotBeFiled() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().peek(""))
        .withMessageContaining("key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().revoke("a\nb", "maintenance"))
        .withMessageContaining("control character at index 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().peek("é".repeat(128)))
        .withMessageContaining("254 bytes");
  }

  @Test
  void oneOfManyThreadsHoldsAKeyAtATime() throws Exception {
    String key = newKey();
    int threads = 4;
    AtomicInteger inside = new AtomicInteger();
    AtomicLong lastToken = new AtomicLong();
    ConcurrentSkipListSet<Long> tokens = new ConcurrentSkipListSet<>();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> overlaps = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        overlaps.add(
            pool.submit(
                () -> {
                  start.await();
                  int overlapped = 0;
                  for (int held = 0; held < holdsPerThread(); ) {
                    LeaseGrant grant =
                        store().tryAcquire(new LeaseRequest(key, LONG_TTL.toNanos(), "", false));
                    if (grant == null) {
                      Thread.onSpinWait();
                      continue;
                    }
                    held++;
                    if (inside.incrementAndGet() != 1
                        || lastToken.getAndSet(grant.token()) >= grant.token()
                        || !tokens.add(grant.token())) {
                      overlapped++;
                    }
                    inside.decrementAndGet();
                    grant.release();
                  }
                  return overlapped;
                }));
      }
      start.countDown();
      for (Future<Integer> overlap : overlaps) {
        assertThat(overlap.get()).isZero();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(tokens).hasSize(threads * holdsPerThread());
  }
}
