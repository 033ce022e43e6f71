package io.ullage.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which thread holds which key of a reentrant manager, and how many times over. All holds of a
 * thread stand on one lease, with one token; the key is given back when the last of them is closed.
 * A thread whose lease is no longer valid acquires anew.
 */
final class OwnedKeys {
  private final ConcurrentMap<Owner, Holding> holdings = new ConcurrentHashMap<>();

  private record Owner(Thread thread, String key) {}

  /** One lease and how many holds stand on it; the figures are guarded by this object. */
  private static final class Holding {
    final Owner owner;
    final ManagedLease lease;
    int holds = 1;
    long holdAtLeastNanos;

    Holding(Owner owner, ManagedLease lease) {
      this.owner = owner;
      this.lease = lease;
    }
  }

  /** Another hold of a key that the calling thread holds; null if it does not. */
  @Nullable Lease enterAgain(String key) {
    Holding holding = holdings.get(new Owner(Thread.currentThread(), key));
    if (holding == null) {
      return null;
    }
    synchronized (holding) {
      if (holding.holds == 0 || !holding.lease.isValid()) {
        return null;
      }
      holding.holds++;
    }
    return new Hold(holding);
  }

  /** The first hold of a lease, for the calling thread. */
  Lease enter(ManagedLease lease) {
    Holding holding = new Holding(new Owner(Thread.currentThread(), lease.key()), lease);
    holdings.put(holding.owner, holding);
    return new Hold(holding);
  }

  /** The lease that a hold stands on, or the lease itself. */
  static ManagedLease managed(Lease lease) {
    return lease instanceof Hold hold ? hold.holding.lease : (ManagedLease) lease;
  }

  /** Closes a hold; the key stays taken until it was held for a while. */
  static void leave(Lease lease, long holdAtLeastNanos) {
    ((Hold) lease).leave(holdAtLeastNanos);
  }

  private final class Hold implements Lease {
    private final Holding holding;
    private volatile boolean closed;

    Hold(Holding holding) {
      this.holding = holding;
    }

    @Override
    public String key() {
      return holding.lease.key();
    }

    @Override
    public long token() {
      return holding.lease.token();
    }

    @Override
    public boolean isValid() {
      return !closed && holding.lease.isValid();
    }

    @Override
    public Duration remaining() {
      return closed ? Duration.ZERO : holding.lease.remaining();
    }

    @Override
    public void ensure(Duration duration) {
      if (closed) {
        throw new IllegalStateException("lease '" + key() + "' was closed");
      }
      holding.lease.ensure(duration);
    }

    @Override
    public void onLost(Consumer<? super LeaseLoss> listener) {
      holding.lease.onLost(
          loss -> {
            if (!closed) {
              listener.accept(loss);
            }
          });
    }

    @Override
    public CompletableFuture<LeaseLoss> lost() {
      CompletableFuture<LeaseLoss> future = new CompletableFuture<>();
      onLost(future::complete);
      return future;
    }

    @Override
    public Optional<LeaseLoss> loss() {
      return holding.lease.loss();
    }

    @Override
    public long renewals() {
      return holding.lease.renewals();
    }

    @Override
    public void close() {
      leave(0);
    }

    void leave(long holdAtLeastNanos) {
      long hold;
      synchronized (holding) {
        if (closed) {
          return;
        }
        closed = true;
        holding.holdAtLeastNanos = Math.max(holding.holdAtLeastNanos, holdAtLeastNanos);
        if (--holding.holds > 0) {
          return;
        }
        hold = holding.holdAtLeastNanos;
      }
      holdings.remove(holding.owner, holding);
      holding.lease.close(hold);
    }

    @Override
    public String toString() {
      return holding.lease.toString();
    }
  }
}
