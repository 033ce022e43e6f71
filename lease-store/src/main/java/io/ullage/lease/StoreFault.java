package io.ullage.lease;

/** What is wrong with a {@link LeaseStore}. */
public enum StoreFault {
  /** The JVM was started without options that the store needs; the message lists exactly those. */
  JVM_OPTIONS_MISSING,
  /** The store does not run on this platform. */
  UNSUPPORTED_PLATFORM,
  /**
   * The store may not be read or written: its path is a symbolic link or no regular file, or its
   * server refuses user, password or command.
   */
  ACCESS,
  /** No room for a further key, on the disk, or in the memory of its server. */
  FULL,
  /** The store's files are not what they should be: foreign, truncated, overwritten. */
  DAMAGED,
  /** The store was made by another version of its layout. */
  VERSION,
  /** The store was written under another boot of the host, whose clock counted otherwise. */
  OTHER_BOOT,
  /** The store belongs to processes in another time namespace, whose clock counts otherwise. */
  OTHER_TIME_NAMESPACE,
  /** This JVM has the store open already, under another class loader. */
  ALREADY_OPEN,
  /** More processes than the store has slots for. */
  TOO_MANY_PROCESSES,
  /**
   * Its server answers, but does not serve just now: it is loading its data, is a replica, or
   * misses replicas. Usually it does after a while, or another one does in its place.
   */
  NOT_READY,
  /** Its server is set up so that it might forget leases that are held. */
  UNSAFE_SETTINGS,
  /** The store did not answer in time. */
  TIMEOUT,
  /** The store could not be reached, or failed in a way of its own; see the cause. */
  UNAVAILABLE
}
