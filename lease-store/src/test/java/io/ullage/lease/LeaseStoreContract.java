package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LeaseStore} has to do; stores of others extend this class and hand in theirs.
 * The store may be shared by all tests of a class: each uses keys of its own.
 */
public abstract class LeaseStoreContract {
  private static final AtomicInteger KEYS = new AtomicInteger();

  /** Short enough to see it end, long enough for a busy machine to act within it. */
  private static final Duration SHORT_TTL = Duration.ofMillis(60);

  private static final Duration LONG_TTL = Duration.ofSeconds(30);

  /** The store under test. */
  protected abstract LeaseStore store();

  private static String newKey() {
    return "contract-" + KEYS.incrementAndGet();
  }

  private LeaseGrant take(String key, Duration ttl) {
    LeaseGrant grant = store().tryAcquire(new LeaseRequest(key, ttl.toNanos(), "", false));
    assertThat(grant).isNotNull();
    return java.util.Objects.requireNonNull(grant);
  }

  private boolean isTaken(String key) {
    LeaseGrant grant = store().tryAcquire(new LeaseRequest(key, LONG_TTL.toNanos(), "", false));
    if (grant != null) {
      grant.release();
    }
    return grant == null;
  }

  /** Waits until the store itself says that a key's time ran out. */
  private void awaitExpiry(String key) throws InterruptedException {
    while (store().peek(key).orElseThrow().state() != LeaseState.EXPIRED) {
      Thread.sleep(5);
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
    assertThat(grant.release()).isTrue();
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void tokensGrowWithEveryAcquisition() {
    String key = newKey();
    long before = 0;
    for (int i = 0; i < 100; i++) {
      LeaseGrant grant = take(key, LONG_TTL);
      assertThat(grant.token()).isGreaterThan(before);
      before = grant.token();
      grant.release();
    }
  }

  @Test
  void anExpiredGrantIsFreeForOthersAndDeadForItsOwner() throws InterruptedException {
    String key = newKey();
    LeaseGrant late = take(key, SHORT_TTL);
    awaitExpiry(key);
    LeaseGrant next = take(key, LONG_TTL);

    assertThat(next.token()).isGreaterThan(late.token());
    assertThat(late.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(late.check()).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(late.release()).isFalse();
    assertThat(next.check()).isEqualTo(RenewalOutcome.HELD);
    next.release();
  }

  @Test
  void renewingAnExpiredGrantIsRefusedThoughNobodyTookTheKey() throws InterruptedException {
    String key = newKey();
    LeaseGrant late = take(key, SHORT_TTL);
    awaitExpiry(key);

    assertThat(late.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.EXPIRED);
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void aRenewalExtends() throws InterruptedException {
    String key = newKey();
    LeaseGrant grant = take(key, SHORT_TTL);

    assertThat(grant.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.HELD);
    Thread.sleep(SHORT_TTL.multipliedBy(2).toMillis());

    assertThat(grant.check()).isEqualTo(RenewalOutcome.HELD);
    assertThat(isTaken(key)).isTrue();
    grant.release();
  }

  @Test
  void releasingTwiceFreesOnce() {
    String key = newKey();
    LeaseGrant first = take(key, LONG_TTL);
    assertThat(first.release()).isTrue();
    LeaseGrant second = take(key, LONG_TTL);

    assertThat(first.release()).isFalse();
    assertThat(isTaken(key)).isTrue();
    second.release();
  }

  @Test
  void aRevokedGrantMayNotRenewAndBlocksTheKeyUntilItIsReleased() {
    String key = newKey();
    LeaseGrant grant = take(key, LONG_TTL);

    assertThat(store().revoke(key, "maintenance")).isTrue();

    assertThat(store().peek(key).orElseThrow().state()).isEqualTo(LeaseState.REVOKED);
    assertThat(store().peek(key).orElseThrow().note()).isEqualTo("maintenance");
    assertThat(grant.check()).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(grant.renew(LONG_TTL.toNanos())).isEqualTo(RenewalOutcome.TAKEN_OVER);
    assertThat(isTaken(key)).isTrue();
    assertThat(grant.release()).isTrue();
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void revokingAFreeKeyDoesNothing() {
    String key = newKey();
    take(key, LONG_TTL).release();

    assertThat(store().revoke(key, "maintenance")).isFalse();
    assertThat(store().revoke(newKey(), "maintenance")).isFalse();
    assertThat(isTaken(key)).isFalse();
  }

  @Test
  void peekTellsWhoHoldsAKey() {
    String key = newKey();
    assertThat(store().peek(key)).isEmpty();
    LeaseGrant grant =
        java.util.Objects.requireNonNull(
            store().tryAcquire(new LeaseRequest(key, LONG_TTL.toNanos(), "nightly é", false)));

    LeaseView view = store().peek(key).orElseThrow();

    assertThat(view.key()).isEqualTo(key);
    assertThat(view.state()).isEqualTo(LeaseState.HELD);
    assertThat(view.token()).isEqualTo(grant.token());
    assertThat(view.note()).isEqualTo("nightly é");
    assertThat(view.alive()).isTrue();
    assertThat(view.expiresIn()).isPositive().isLessThanOrEqualTo(LONG_TTL);
    grant.release();
    assertThat(store().peek(key).orElseThrow().state()).isEqualTo(LeaseState.FREE);
    assertThat(store().peek(key).orElseThrow().pid()).isZero();
  }

  @Test
  void listNamesEveryKeyInOrder() {
    String second = newKey() + "b";
    String first = second.replace('b', 'a');
    LeaseGrant one = take(first, LONG_TTL);
    LeaseGrant two = take(second, LONG_TTL);

    assertThat(store().list()).extracting(LeaseView::key).contains(first, second).isSorted();
    one.release();
    two.release();
  }

  @Test
  void refusesKeysThatCannotBeFiled() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LeaseRequest("", LONG_TTL.toNanos(), "", false))
        .withMessageContaining("key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LeaseRequest("a\nb", LONG_TTL.toNanos(), "", false))
        .withMessageContaining("control character at index 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LeaseRequest("é".repeat(128), LONG_TTL.toNanos(), "", false))
        .withMessageContaining("254 bytes");
    String longest = "é".repeat(127);
    LeaseGrant grant = take(longest, LONG_TTL);
    assertThat(store().peek(longest)).isPresent();
    grant.release();
  }

  @Test
  void oneOfManyThreadsHoldsAKeyAtATime() throws Exception {
    String key = newKey();
    int threads = 4;
    int holdsEach = 2_000;
    AtomicInteger inside = new AtomicInteger();
    AtomicLong lastToken = new AtomicLong();
    Set<Long> tokens = new HashSet<>();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      java.util.List<Future<Integer>> overlaps = new java.util.ArrayList<>();
      for (int t = 0; t < threads; t++) {
        overlaps.add(
            pool.submit(
                () -> {
                  start.await();
                  int overlapped = 0;
                  for (int held = 0; held < holdsEach; ) {
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
    assertThat(tokens).hasSize(threads * holdsEach);
  }
}
