package io.ullage.lease.internal;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the records of a store by key, and knows the processes that own them. */
public interface RecordDirectory extends OwnerLiveness {
  /**
   * Finds the record of a key that this process met before.
   *
   * @param key the key
   * @return where it is, or null
   */
  @Nullable RecordHandle known(String key);

  /**
   * Finds or makes the record of a key.
   *
   * @param key the key
   * @return where it is
   */
  RecordHandle findOrInsert(String key);

  /**
   * Finds the record of a key.
   *
   * @param key the key
   * @return where it is, or null if the store never saw the key
   */
  @Nullable RecordHandle find(String key);

  /**
   * All keys.
   *
   * @return a copy
   */
  Collection<String> keys();

  /**
   * The process id of an owner.
   *
   * @param process from {@link OwnerWord#process(int, int)}
   * @return its id in its own PID namespace, 0 if unknown
   */
  long pid(long process);
}
