package io.ullage.alloc.internal;

import io.ullage.core.internal.AsymmetricFence;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * State that normally one thread alone uses, but that others must be able to take hold of now and
 * then; or that several threads share.
 *
 * <p><b>Protocol.</b> Every use is bracketed by {@code busy}; whatever a subclass has is plain and
 * guarded by it.
 *
 * <ul>
 *   <li><b>Owned</b> (a platform thread's, where there is an {@link AsymmetricFence}). The owner
 *       stores {@code busy = 1}, then reads {@code revoked}; if that is 0 it goes on, and ends with
 *       a release store of {@code busy = 0}. The revoker stores {@code revoked = 1}, has all
 *       threads fenced, then reads {@code busy} (acquire) until it is 0. The forbidden outcome is
 *       that the owner reads 0 and the revoker reads 0 as well: it needs the owner's store to be
 *       delayed past the revoker's read, which the fence between forbids; between the owner's store
 *       and load a release fence keeps the compiler from swapping them. An owner that sees {@code
 *       revoked = 1} takes {@code busy} back and waits for the revoker's lock.
 *   <li><b>Shared</b> (virtual threads', or no such fence). Whoever wants in does compare-and-set
 *       of {@code busy} from 0 to 1 (acquire), the revoker as well; the end is the same release
 *       store.
 * </ul>
 */
public abstract class Revocable extends CacheLinePadding {
  private static final VarHandle BUSY;
  private static final VarHandle REVOKED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      BUSY = lookup.findVarHandle(Revocable.class, "busy", int.class);
      REVOKED = lookup.findVarHandle(Revocable.class, "revoked", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final @Nullable AsymmetricFence fence;
  private final ReentrantLock revoking = new ReentrantLock();

  @SuppressWarnings("UnusedVariable") // accessed through BUSY
  private int busy;

  @SuppressWarnings("UnusedVariable") // accessed through REVOKED
  private int revoked;

  /**
   * Makes the bracket.
   *
   * @param fence how the owner is stopped; null if there is no owner or no such fence
   */
  protected Revocable(@Nullable AsymmetricFence fence) {
    this.fence = fence;
  }

  /** Whether several threads use the state, or one that cannot be stopped by a fence. */
  protected final boolean isShared() {
    return fence == null;
  }

  /** Begins a use; the owner's alone, unless the state is shared. */
  protected final void enter() {
    if (fence == null) {
      enterShared();
    } else {
      BUSY.setOpaque(this, 1);
      VarHandle.releaseFence();
      if ((int) REVOKED.getOpaque(this) != 0) {
        awaitRevoker();
      }
    }
  }

  /** Ends a use. */
  protected final void leave() {
    BUSY.setRelease(this, 0);
  }

  /** Does something while nobody else uses the state; from any thread that is not in it. */
  // Whoever is in needs a few instructions, or a depot's lock; there is nothing to wait on.
  @SuppressWarnings("ThreadPriorityCheck")
  protected final void revoke(Runnable action) {
    revoking.lock();
    try {
      if (fence == null) {
        enterShared();
      } else {
        REVOKED.setVolatile(this, 1);
        fence.full();
        while ((int) BUSY.getAcquire(this) != 0) {
          Thread.yield();
        }
      }
      try {
        action.run();
      } finally {
        (fence == null ? BUSY : REVOKED).setRelease(this, 0);
      }
    } finally {
      revoking.unlock();
    }
  }

  private void awaitRevoker() {
    do {
      BUSY.setRelease(this, 0);
      revoking.lock();
      try {
        BUSY.setVolatile(this, 1);
      } finally {
        revoking.unlock();
      }
    } while ((int) REVOKED.getVolatile(this) != 0);
  }

  @SuppressWarnings("ThreadPriorityCheck") // as in revoke
  private void enterShared() {
    while (!BUSY.weakCompareAndSetAcquire(this, 0, 1)) {
      Thread.yield();
    }
  }
}
