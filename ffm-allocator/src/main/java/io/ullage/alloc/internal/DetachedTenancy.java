package io.ullage.alloc.internal;

import io.ullage.core.Component;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

/**
 * The bytes behind a detached handle, which outlive the handle if it is dropped.
 *
 * <p><b>Protocol.</b> {@code state} is {@code READY}, {@code BUSY} or {@code USED}. Whoever moves
 * it from {@code READY} to {@code BUSY} (compare-and-set, acquire and release) alone may attach,
 * move or free the bytes, and ends with {@code USED}, or with {@code READY} again if that failed
 * (release). A dropped handle is reclaimed by the same step, so it cannot meet a use that is under
 * way.
 */
public final class DetachedTenancy extends PhantomReference<Object> {
  private static final int READY = 0;
  private static final int BUSY = 1;
  private static final int USED = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(DetachedTenancy.class, "state", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final Component component;
  private final Slot slot;

  @SuppressWarnings("UnusedVariable") // accessed through STATE
  private int state;

  DetachedTenancy(Object handle, ReferenceQueue<Object> dropped, Component component, Slot slot) {
    super(handle, dropped);
    this.component = component;
    this.slot = slot;
  }

  /** Who is charged. */
  public Component component() {
    return component;
  }

  /** The memory. */
  public Slot slot() {
    return slot;
  }

  /** Begins a use; false if there was one, or is one under way. */
  public boolean tryBegin() {
    return STATE.compareAndSet(this, READY, BUSY);
  }

  /** Ends a use: for good, or so that another can be tried. */
  public void end(boolean done) {
    if (done) {
      clear();
    }
    STATE.setRelease(this, done ? USED : READY);
  }

  boolean isUsed() {
    return (int) STATE.getAcquire(this) == USED;
  }
}
