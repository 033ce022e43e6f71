package io.ullage.core.internal;

/**
 * Attributes processor time and heap allocation to the scopes that threads enter. Virtual threads
 * are left out: the JVM does not measure them.
 */
public final class Attribution {
  // An instance per registry: the meters of a thread's scopes belong to it.
  private final ThreadLocal<ScopeMeter> meters = ThreadLocal.withInitial(ScopeMeter::new);
  private final ThreadMeter meter;

  /** Makes an attribution that reads this meter. */
  public Attribution(ThreadMeter meter) {
    this.meter = meter;
  }

  /** The calling thread enters a scope. */
  public void enter(ScopeWork work) {
    if (!Thread.currentThread().isVirtual()) {
      meters.get().enter(meter, work);
    }
  }

  /** The calling thread leaves its innermost scope. */
  public void leave() {
    if (!Thread.currentThread().isVirtual()) {
      meters.get().leave(meter);
    }
  }
}
