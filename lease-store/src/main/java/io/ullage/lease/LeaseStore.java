package io.ullage.lease;

import io.ullage.core.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where leases are kept; what makes a key exclusive. A {@link LeaseManager} adds heartbeats,
 * waiting and loss on top, so that a store decides only single questions, each of which may take
 * microseconds (shared memory) or milliseconds (a server), hang, or fail.
 *
 * <p>What every store promises:
 *
 * <ul>
 *   <li>between a grant and the end of its TTL, counted from when {@link #tryAcquire} or {@link
 *       LeaseGrant#renew} was <em>entered</em>, nobody else is granted the key, unless the grantee
 *       released it, acknowledged a revocation, or is dead for certain;
 *   <li>tokens of one key strictly grow, over crashes and re-creation of the store too;
 *   <li>renewing an expired grant is refused, even if nobody took the key;
 *   <li>durations, not instants, cross this interface: clocks of two hosts need not agree.
 * </ul>
 *
 * <p>A store may forget keys that nobody holds, but never how far their tokens got. It may know
 * nothing of its holders but that their time has not run out, and then says that they are alive. It
 * should give up a question that cannot be answered within seconds; if it does not, a manager stops
 * waiting for the answer.
 *
 * <p>Six questions make a store. Three further methods, which have defaults, are for stores that
 * are far away: {@link #answersWithin}, {@link #renewAll} and {@link #onFreed} spare their managers
 * threads, round trips and pauses.
 *
 * <p>All methods are thread-safe, and throw {@link IllegalStateException} after {@link #close()}.
 * {@code LeaseStoreContract} and {@code ManagedStoreContract} in this module's test jar are tests
 * of all this, to be extended for a store of one's own.
 */
public interface LeaseStore extends AutoCloseable {
  /**
   * Tries once to take a key.
   *
   * @param request key, TTL, note
   * @return the grant, or null if somebody else has the key
   * @throws LeaseStoreException if the store could not be asked
   */
  @Nullable LeaseGrant tryAcquire(LeaseRequest request);

  /**
   * What is known of one key.
   *
   * @param key the key
   * @return its view; empty if the store does not know the key
   * @throws LeaseStoreException if the store could not be asked
   */
  Optional<LeaseView> peek(String key);

  /**
   * What is known of every key that is held, and of others that the store remembers, ordered by
   * key.
   *
   * @return an immutable list
   * @throws LeaseStoreException if the store could not be asked
   */
  List<LeaseView> list();

  /**
   * Tells the holder of a key to let go. The key becomes free when the holder notices (within a
   * fraction of a second in a local store, at its next renewal in another), is dead, or when its
   * time runs out; never earlier, so that two holders never believe to be valid at once.
   *
   * @param key the key
   * @param reason who wants this and why, kept where the note was
   * @return whether there was a holder to tell
   * @throws LeaseStoreException if the store could not be asked
   */
  boolean revoke(String key, String reason);

  /**
   * Whether answers come within microseconds, so that a manager may ask on its callers' and its
   * heartbeat's threads, and often. Any other store is asked on threads of their own, with bounded
   * waits.
   *
   * @return true for shared memory, false for anything reached over a network or a disk
   */
  boolean isLocal();

  /**
   * How long {@link #tryAcquire}, {@link #peek}, {@link #revoke}, {@link LeaseGrant#renew} and
   * {@link LeaseGrant#release} take at most, whatever happens to the store and whether or not the
   * caller is interrupted: they give up by then and throw. A manager that would wait that long
   * itself asks such a store on the caller's thread, which saves handing each question over.
   *
   * @return {@link Duration#ZERO} if the store makes no promise, which is the default
   */
  default Duration answersWithin() {
    return Duration.ZERO;
  }

  /**
   * Whether {@link #renewAll} asks for many renewals in less time than for one after another. If it
   * does, a manager hands it all renewals of a heartbeat at once; otherwise each has a thread of
   * its own while it lasts.
   *
   * @return false unless overridden
   */
  default boolean renewsTogether() {
    return false;
  }

  /**
   * Renews many grants of this store. Each gets its own answer: that one fails is nothing to the
   * others. May return before the answers are there; by default it asks for one after another.
   *
   * @param requests what to renew
   */
  default void renewAll(List<RenewalRequest> requests) {
    requests.forEach(RenewalRequest::renewAlone);
  }

  /**
   * Tells a listener about keys that may have become free, in another process too. It is a hint,
   * which may come late, more than once, for no reason, or not at all; whoever waits goes on asking
   * by the clock. A store that hears of releases, or knows when the time of a holder whose key was
   * refused to somebody {@linkplain LeaseRequest#waiting() waiting} runs out, saves them the pause.
   *
   * @param listener called with a key on a thread of the store's, which it does not block
   * @return ends it; by default nobody is ever told
   */
  default Registration onFreed(Consumer<? super String> listener) {
    return () -> {};
  }

  /**
   * Lets the store go. Grants that stand stay until their time runs out, unless their owner is
   * dead.
   */
  @Override
  void close();
}
