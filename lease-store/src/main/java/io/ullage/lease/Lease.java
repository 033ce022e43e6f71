package io.ullage.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Exclusive ownership of a key for a while, kept alive by its {@link LeaseManager}. Thread-safe.
 * Closing gives it back; closing twice does nothing.
 */
public interface Lease extends AutoCloseable {
  /**
   * The key.
   *
   * @return the key
   */
  String key();

  /**
   * The fencing token: greater than that of every earlier acquisition of the key, for ever. Send it
   * along with every write that the lease protects, and let {@link FenceGuard} check it there.
   *
   * @return at least 1
   */
  long token();

  /**
   * Whether the lease is held now. Only compares clocks: one clock read, no store access. Turns
   * false a margin (a tenth of the TTL, at least 5 ms) <em>before</em> others may take the key, and
   * once false stays false.
   *
   * @return true while it is
   */
  boolean isValid();

  /**
   * For how long the lease stays valid if no further renewal succeeds.
   *
   * @return zero if it is not valid
   */
  Duration remaining();

  /**
   * Makes sure that the lease stays valid for a while, renewing it if less is left. A step that
   * must not be cut short asks for its own duration first.
   *
   * @param duration at most the TTL less the margin
   * @throws LeaseLostException if the lease is lost
   * @throws LeaseStoreException if too little is left and the store could not be asked
   * @throws IllegalArgumentException if {@code duration} is longer than a renewal gives
   */
  void ensure(Duration duration);

  /**
   * Calls a listener when the lease is lost, on a thread of the manager's that is not the one that
   * renews or watches; at once if it is lost already. Not called for {@link #close()}.
   *
   * @param listener called at most once
   */
  void onLost(Consumer<? super LeaseLoss> listener);

  /**
   * Completes when the lease is lost; never if it is closed first.
   *
   * @return a copy: completing it has no effect on the lease
   */
  CompletableFuture<LeaseLoss> lost();

  /**
   * How the lease was lost.
   *
   * @return empty while it is held and after it was closed in time
   */
  Optional<LeaseLoss> loss();

  /**
   * How often the lease was renewed.
   *
   * @return a count
   */
  long renewals();

  /**
   * Gives the lease back: {@link #isValid()} is false from now on; a renewal in flight is waited
   * for, then the key is freed. Takes at most the manager's release timeout; a store that does not
   * answer by then frees the key when the TTL ends.
   */
  @Override
  void close();
}
