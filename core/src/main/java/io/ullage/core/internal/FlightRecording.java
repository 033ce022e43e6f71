package io.ullage.core.internal;

import jdk.jfr.FlightRecorder;

/**
 * Whether anybody can be recording events in this JVM. Until somebody does, no class of an event
 * may even be loaded: that alone starts the flight recorder's machinery, which takes 120 ms of
 * whoever is first, with whatever lock it holds. So this is asked before each event, and outside
 * its class.
 */
public final class FlightRecording {
  private FlightRecording() {}

  /** {@return false while nobody has recorded anything in this JVM} Costs one read. */
  public static boolean isPossible() {
    return FlightRecorder.isInitialized();
  }
}
