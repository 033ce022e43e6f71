package io.ullage.lease;

import io.ullage.lease.internal.RecordHandle;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that counts time on a clock of this process: a manager on the same clock hands over the
 * time that it has just read, because reading it again costs as much as all else together.
 */
interface ClockedStore extends LeaseStore {
  /** The clock that every process of a host reads alike. */
  LongSupplier SYSTEM_CLOCK = System::nanoTime;

  /**
   * Whether this store counts on a clock.
   *
   * @param clock the clock
   * @return true if it is this very one
   */
  boolean isOn(LongSupplier clock);

  /**
   * Finds the place of a key, and makes it if the key is new. That may take a second; so it comes
   * before the clock is read from which the TTL counts.
   *
   * @param key the key, checked only if the store does not know it
   * @return where its record is
   */
  RecordHandle prepare(String key);

  /**
   * Whether {@link #prepare} has nothing to do.
   *
   * @param key the key
   * @return true if the key was met before
   */
  boolean isPrepared(String key);

  /**
   * Tries once to take a key; as {@link #tryAcquire(LeaseRequest)}, without the request.
   *
   * @param place from {@link #prepare}
   * @param ttlNanos checked by the caller
   * @param note free text
   * @param waiting whether the caller will ask again
   * @param nowNanos a reading of the clock, made before this call
   * @return the grant, or null if somebody else has the key
   */
  @Nullable LeaseGrant tryAcquire(
      RecordHandle place, long ttlNanos, String note, boolean waiting, long nowNanos);
}
