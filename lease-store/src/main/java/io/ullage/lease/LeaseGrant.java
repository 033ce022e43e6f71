package io.ullage.lease;

/**
 * One acquisition of one key, as a store hands it to a {@link LeaseManager}. Thread-safe; the
 * manager never calls {@link #renew} and {@link #release} at once.
 */
public interface LeaseGrant {
  /**
   * The fencing token: greater than that of every earlier acquisition of the key, for ever.
   *
   * @return the token, at least 1
   */
  long token();

  /**
   * Whether the key was taken from a holder that had not given it back: one that was dead, or whose
   * time had run out. For statistics only.
   *
   * @return false unless the store knows that it was
   */
  default boolean isTakeover() {
    return false;
  }

  /**
   * Extends the grant to {@code ttlNanos} from now.
   *
   * @param ttlNanos nanoseconds
   * @return whether it was extended, and if not, why
   * @throws LeaseStoreException if the store could not be asked; the grant stands as it was
   */
  RenewalOutcome renew(long ttlNanos);

  /**
   * Whether the grant still stands, without extending it. Asked often of a {@linkplain
   * LeaseStore#isLocal() local} store, to notice a revocation early; never of another.
   *
   * @return {@link RenewalOutcome#HELD} if it does
   * @throws LeaseStoreException if the store could not be asked
   */
  RenewalOutcome check();

  /**
   * Gives the key back if the grant still stands.
   *
   * @return whether this call freed the key
   * @throws LeaseStoreException if the store could not be asked
   */
  boolean release();
}
