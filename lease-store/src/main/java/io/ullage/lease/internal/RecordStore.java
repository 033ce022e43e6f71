package io.ullage.lease.internal;

import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseState;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LeaseView;
import io.ullage.lease.StoreFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The questions of a {@link io.ullage.lease.LeaseStore}, answered from records in memory. */
public final class RecordStore {
  private static final int MOVES = 3;

  private final RecordDirectory directory;
  private final RecordProtocol protocol;
  private final StoreClock clock;
  private final InstantSource wallClock;

  /**
   * Makes one.
   *
   * @param process who asks
   * @param directory finds records
   * @param ceiling keeps tokens from going back
   * @param clock the monotonic clock, on which all deadlines count
   * @param wallClock for people, who are told since when a lease is held
   */
  public RecordStore(
      long process,
      RecordDirectory directory,
      TokenCeiling ceiling,
      StoreClock clock,
      InstantSource wallClock) {
    this.wallClock = wallClock;
    this.directory = directory;
    this.protocol = new RecordProtocol(process, directory, ceiling);
    this.clock = clock;
  }

  /**
   * Finds the record of a key, and makes it if the key is new: that may take a second, which must
   * not count against the TTL of who then asks for the key.
   *
   * @param key the key, checked here only if it is new
   * @return where its record is
   */
  public RecordHandle prepare(String key) {
    RecordHandle known = directory.known(key);
    return known != null ? known : directory.findOrInsert(LeaseRequest.checkKey(key));
  }

  /**
   * Tries once to take a key.
   *
   * @param handle where the key's record is
   * @param ttlNanos how long the lease shall live without renewal
   * @param note for people
   * @param waiting whether the caller will ask again
   * @param nowNanos a reading of the clock, made before this call
   * @return the grant, or null
   */
  public @Nullable LeaseGrant tryAcquire(
      RecordHandle handle, long ttlNanos, String note, boolean waiting, long nowNanos) {
    long nowMillis = nowNanos / StoreClock.NANOS_PER_MILLI;
    long ttlMillis = StoreClock.ttlMillis(ttlNanos);
    for (int move = 0; ; move++) {
      try {
        RecordProtocol.Hold hold =
            protocol.acquire(handle.current(), nowMillis, ttlMillis, note, waiting);
        return hold == null ? null : new RecordGrant(protocol, clock, handle, hold);
      } catch (RecordMovedException moved) {
        // Who waits asks again anyway.
        follow(handle, move, !waiting, moved);
      }
    }
  }

  /**
   * A read of a mapped page that is no longer in the file.
   *
   * <p>The JVM throws the error not at the read but where the thread is next asked to stop, which
   * in compiled code may be after the method that holds the read, and all that was compiled into
   * one with it, has returned. So it is caught as far out as the store goes, by the methods of the
   * store and of its grants, and those {@linkplain #letErrorsSurface stop} before they return
   * something that a read of nothing may have made.
   *
   * @param e what the JVM threw
   * @return what to throw instead
   */
  public static LeaseStoreException cutShort(InternalError e) {
    return new LeaseStoreException(
        StoreFault.DAMAGED, "the lease store's file was cut short while it was open", e);
  }

  /** Stops the thread for an instant, so that the error of a read before is thrown here. */
  @SuppressWarnings("ThreadPriorityCheck") // What counts is the way back, not who runs meanwhile.
  public static void letErrorsSurface() {
    // Returning from the system, a thread looks whether there is something to throw.
    Thread.yield();
  }

  /**
   * Tells a holder to let go.
   *
   * @param key the key
   * @param reason why
   * @return whether there was one
   */
  public boolean revoke(String key, String reason) {
    RecordHandle handle = directory.find(key);
    return handle != null
        && following(handle, true, record -> protocol.revoke(record, clock.nowMillis(), reason));
  }

  /**
   * What is known of a key.
   *
   * @param key the key
   * @return its view
   */
  public Optional<LeaseView> peek(String key) {
    RecordHandle handle = directory.find(key);
    return handle == null
        ? Optional.empty()
        : Optional.of(following(handle, true, record -> view(key, record)));
  }

  /**
   * What is known of all keys.
   *
   * @return views, by key
   */
  public List<LeaseView> list() {
    return new TreeSet<>(directory.keys())
        .stream().map(this::peek).flatMap(Optional::stream).toList();
  }

  static <T> T following(RecordHandle handle, boolean mayWait, Function<LeaseRecord, T> question) {
    for (int move = 0; ; move++) {
      try {
        return question.apply(handle.current());
      } catch (RecordMovedException moved) {
        follow(handle, move, mayWait, moved);
      }
    }
  }

  private static void follow(
      RecordHandle handle, int move, boolean mayWait, RecordMovedException moved) {
    if (move == MOVES) {
      throw new LeaseStoreException(
          StoreFault.TIMEOUT, "the store keeps moving to new files", moved);
    }
    handle.reload(mayWait);
  }

  private LeaseView view(String key, LeaseRecord record) {
    long word;
    long owner;
    long token;
    LeaseRecord.Description description;
    do {
      word = RecordProtocol.word(record);
      owner = RecordProtocol.owner(record, word);
      token = record.tokenVolatile();
      description = record.description(LeaseWord.generation(word));
    } while (record.wordVolatile() != word);
    long nowMillis = clock.nowMillis();
    long leftMillis = Math.max(0, LeaseWord.deadlineMillis(word) - nowMillis);
    // As RecordProtocol has it: the deadline itself still belongs to the owner.
    boolean expired = LeaseWord.deadlineMillis(word) < nowMillis;
    LeaseState state =
        switch (LeaseWord.state(word)) {
          case LeaseWord.FREE -> LeaseState.FREE;
          case LeaseWord.ACQUIRING -> expired ? LeaseState.EXPIRED : LeaseState.ACQUIRING;
          case LeaseWord.HELD -> expired ? LeaseState.EXPIRED : LeaseState.HELD;
          default -> expired ? LeaseState.EXPIRED : LeaseState.REVOKED;
        };
    boolean held = state == LeaseState.HELD || state == LeaseState.REVOKED;
    Instant acquiredAt =
        state == LeaseState.FREE || description.acquiredAtMillis() == 0
            ? Instant.EPOCH
            : wallClock.instant().minusMillis(nowMillis - description.acquiredAtMillis());
    return new LeaseView(
        key,
        state,
        token,
        owner == 0 ? 0 : directory.pid(owner),
        owner != 0 && !directory.isDead(owner),
        acquiredAt,
        held ? Duration.ofMillis(leftMillis) : Duration.ZERO,
        state == LeaseState.FREE ? "" : description.note());
  }
}
