package io.ullage.lease;

import org.jspecify.annotations.Nullable;

/**
 * Work that runs under a lease.
 *
 * @param <T> what it results in
 */
@FunctionalInterface
public interface LeaseWork<T extends @Nullable Object> {
  /**
   * Does the work. The thread is interrupted when the lease is lost or the deadline passes; what is
   * written elsewhere should carry {@link Lease#token()}.
   *
   * @param lease the lease it runs under
   * @return its result
   * @throws Exception whatever it likes
   */
  T run(Lease lease) throws Exception;
}
