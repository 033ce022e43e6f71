package io.ullage.lease.internal;

/** Where a key's record is now. */
public interface RecordHandle {
  /**
   * The record.
   *
   * @return its memory
   */
  LeaseRecord current();

  /**
   * Looks the record up again after {@link RecordMovedException}.
   *
   * @param mayWait whether the caller has a tenth of a second to wait for whoever moves it; a
   *     heartbeat, which has other leases to renew, has not
   * @throws io.ullage.lease.LeaseStoreException if it is still on its way; the caller tries later
   */
  void reload(boolean mayWait);
}
