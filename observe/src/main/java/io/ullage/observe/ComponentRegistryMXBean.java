package io.ullage.observe;

import java.util.SortedMap;

/** What a registry shows over JMX. Reading an attribute takes a snapshot and changes nothing. */
public interface ComponentRegistryMXBean {
  /** {@return the limit of all components together in bytes, -1 where there is none} */
  long getLimitBytes();

  /** {@return bytes that count against the limit now} */
  long getReservedBytes();

  /** {@return the most that ever did} */
  long getPeakReservedBytes();

  /** {@return bytes in use} */
  long getUsedBytes();

  /** {@return the part of the reserved bytes that somebody else allocated} */
  long getExternalBytes();

  /** {@return charges refused so far} */
  long getRefusals();

  /** {@return time that charges waited for room so far, in nanoseconds} */
  long getBackpressureNanos();

  /**
   * {@return the file in which other processes can read the counters; empty where there is none}
   */
  String getCounterFile();

  /** {@return all components by dotted path, {@code root} included} */
  SortedMap<String, ComponentUsage> getComponents();
}
