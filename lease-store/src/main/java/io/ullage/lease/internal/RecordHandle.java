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
   * @throws io.ullage.lease.LeaseStoreException if it is on its way; the caller tries later
   */
  void reload();
}
