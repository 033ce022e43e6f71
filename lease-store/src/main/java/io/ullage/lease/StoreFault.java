package io.ullage.lease;

/** What is wrong with a {@link LeaseStore}. */
public enum StoreFault {
  /** The JVM was started without options that the store needs; the message lists exactly those. */
  JVM_OPTIONS_MISSING,
  /** The store does not run on this platform. */
  UNSUPPORTED_PLATFORM,
  /** The store may not be read or written, or its path is a symbolic link or no regular file. */
  ACCESS,
  /** No room for a further key, or on the disk. */
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
  /** The store did not answer in time. */
  TIMEOUT,
  /** The store could not be reached, or failed in a way of its own; see the cause. */
  UNAVAILABLE
}
