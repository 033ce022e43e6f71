package io.ullage.core;

import io.ullage.core.internal.Account;
import io.ullage.core.internal.BudgetLevel;
import io.ullage.core.internal.BudgetTree;
import io.ullage.core.internal.ComponentPath;
import io.ullage.core.internal.Refusal;
import io.ullage.core.internal.ScopeWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A part of the program that takes memory: a node of a tree, named by a dotted path.
 *
 * <p>What it takes counts against its own limit and against the limit of each component above it.
 * All methods may be called from any thread. Sizes are bytes; zero is allowed, negative sizes are
 * refused with {@link IllegalArgumentException}. Once the component or its registry is closed,
 * charging throws {@link IllegalStateException}; discharging stays possible, so that late frees
 * keep the figures exact.
 */
public final class Component implements AutoCloseable {
  private final ComponentRegistry registry;
  private final BudgetTree budget;
  private final BudgetLevel level;
  private final String path;
  private final @Nullable Component parent;
  private final ComponentToken token;
  private final List<MemoryPressureListener> listeners = new CopyOnWriteArrayList<>();
  private final ScopeWork work = new ScopeWork();
  private volatile boolean closed;

  Component(
      ComponentRegistry registry, BudgetTree budget, String path, @Nullable Component parent) {
    this.registry = registry;
    this.budget = budget;
    this.path = path;
    this.parent = parent;
    this.level = budget.level(path, parent == null ? null : parent.level);
    this.token = new ComponentToken(this, work, registry.attribution());
  }

  /**
   * The dotted name.
   *
   * @return {@code root} for the root, else the path below it, such as {@code a.b.c}
   */
  public String path() {
    return path;
  }

  /**
   * The last segment of the path.
   *
   * @return the name
   */
  public String name() {
    return ComponentPath.name(path);
  }

  /**
   * The component above.
   *
   * @return empty for the root
   */
  public Optional<Component> parent() {
    return Optional.ofNullable(parent);
  }

  /**
   * The components directly below, sorted by name.
   *
   * @return an immutable list
   */
  public List<Component> children() {
    return registry.childrenOf(this);
  }

  /**
   * The value that code carries to say on whose behalf it runs.
   *
   * @return always the same token
   */
  public ComponentToken token() {
    return token;
  }

  /**
   * Where this component belongs.
   *
   * @return the registry that made it
   */
  public ComponentRegistry registry() {
    return registry;
  }

  /**
   * The most that this component and everything below it may reserve.
   *
   * @return bytes, {@link Long#MAX_VALUE} when there is no limit
   */
  public long limitBytes() {
    return level.limitBytes();
  }

  /**
   * Sets the limit of this component and everything below it. A limit below what is reserved takes
   * effect at once: nothing new is granted until enough was given back, and nothing that was
   * granted is taken away.
   *
   * @param bytes zero or more, {@link Long#MAX_VALUE} for no limit
   */
  public void setLimitBytes(long bytes) {
    checkOpen();
    budget.setLimitBytes(level, checkSize("limit", bytes));
  }

  /**
   * Reserves up the tree and counts one allocation, or does nothing. Listeners are not called. A
   * charge that fits succeeds even while others wait.
   *
   * @param bytes zero or more
   * @return false when some level has no room
   */
  public boolean tryCharge(long bytes) {
    return budget.account(level).tryCharge(bytes);
  }

  /**
   * Reserves up the tree and counts one allocation. When there is no room, the pressure listeners
   * run and the charge is tried once more.
   *
   * @param bytes zero or more
   * @throws MemoryLimitException when there is still no room; nothing is reserved then
   */
  public void charge(long bytes) {
    Account account = budget.account(level);
    if (!account.tryChargeCredit(bytes)) {
      chargeLocked(account, bytes);
    }
  }

  /**
   * Like {@link #charge(long)}, but waits for memory that others free. Waiting charges that need
   * room at the same level are served in the order of their coming.
   *
   * @param bytes zero or more
   * @param timeout the longest to wait; zero or negative does not wait
   * @throws MemoryLimitException when there was no room until the timeout; nothing is reserved then
   * @throws InterruptedException when interrupted while waiting; nothing is reserved then
   */
  public void charge(long bytes, Duration timeout) throws InterruptedException {
    Account account = budget.account(level);
    if (account.tryChargeCredit(bytes)) {
      return;
    }
    Refusal refusal = new Refusal();
    if (budget.tryChargeInTurn(account, bytes, refusal)) {
      return;
    }
    callListeners(refusal.levels());
    if (!budget.awaitCharge(account, bytes, saturatedNanos(timeout), refusal)) {
      throw new MemoryLimitException(refusal.levels());
    }
  }

  /**
   * Counts one free and gives the bytes back up the tree, from whatever thread. Waiting charges are
   * served.
   *
   * @param bytes what an earlier charge took
   * @throws IllegalStateException when more is given back than was taken
   */
  public void discharge(long bytes) {
    budget.account(level).discharge(bytes);
  }

  /**
   * Moves bytes charged here to another component of the same registry. Room is needed at the
   * receiver and at those levels above it that do not hold this component as well: for a level that
   * holds both nothing changes.
   *
   * @param receiver who owns the bytes from now on
   * @param bytes what an earlier charge took
   * @throws MemoryLimitException when the receiver has no room; nothing has changed then
   */
  public void transferTo(Component receiver, long bytes) {
    if (receiver.registry != registry) {
      throw new IllegalArgumentException(
          "receiver " + receiver.path + ": belongs to another registry");
    }
    if (receiver == this) {
      return;
    }
    Account from = budget.account(level);
    Account to = budget.account(receiver.level);
    if (to.tryChargeCredit(bytes)) {
      from.discharge(bytes);
      return;
    }
    Refusal refusal = new Refusal();
    if (!budget.tryTransfer(from, to, bytes, refusal)) {
      throw new MemoryLimitException(refusal.levels());
    }
  }

  /**
   * What this component itself has reserved.
   *
   * @return bytes
   */
  public long ownReservedBytes() {
    return level.usedBytes() + level.externalBytes();
  }

  /**
   * What this component and everything below it have reserved. Exact at rest; its cost grows with
   * the number of components below. {@link #grantedBytes()} is the cheap bound.
   *
   * @return bytes
   */
  public long totalReservedBytes() {
    return level.totalReservedBytes();
  }

  /**
   * What counts against the limit now: what this component and everything below it have reserved,
   * and the credit that threads hold for their next charges and lose when somebody needs it. One
   * load.
   *
   * @return bytes, never above the limit unless the limit was lowered
   */
  public long grantedBytes() {
    return level.grantedBytes();
  }

  /**
   * What this thread charges and discharges through, when it does so often: it spares the search
   * for it in each call.
   *
   * @return this thread's account, for this thread only
   */
  public ThreadAccount account() {
    return new ThreadAccount(this, budget.account(level));
  }

  /**
   * The most that this component and everything below it ever had reserved, with the credit that
   * threads held at that moment: never less than the truth, and never above the limit that held.
   *
   * @return bytes
   */
  public long peakReservedBytes() {
    return level.peakGrantedBytes();
  }

  /**
   * What this component itself has allocated and not freed.
   *
   * @return bytes
   */
  public long usedBytes() {
    return level.usedBytes();
  }

  /**
   * How many of this component's own charges were refused.
   *
   * @return a count that only grows
   */
  public long refusals() {
    return level.refusals();
  }

  /**
   * How long this component's own charges waited for room.
   *
   * @return nanoseconds, only growing
   */
  public long backpressureNanos() {
    return level.backpressureNanos();
  }

  /**
   * Counts time for which work on this component's behalf was held back, by whatever means.
   *
   * @param nanos nanoseconds, zero or more
   */
  public void addBackpressure(long nanos) {
    budget.addBackpressure(level, checkSize("nanos", nanos));
  }

  /**
   * What this component declared that it needs.
   *
   * @return empty if it declared nothing
   */
  public Optional<DeclaredBounds> declaredBounds() {
    return Optional.ofNullable(level.declaredBounds());
  }

  /**
   * Notes what this component declared that it needs. Declaring limits nothing: see {@link
   * #setLimitBytes}.
   *
   * @param bounds what it declared
   */
  public void declareBounds(DeclaredBounds bounds) {
    checkOpen();
    level.setDeclaredBounds(bounds);
  }

  /**
   * Charges memory that somebody else allocated. When there is no room, the pressure listeners run
   * and the charge is tried once more.
   *
   * @param bytes zero or more
   * @return the charge, to be adjusted and closed
   * @throws MemoryLimitException when there is still no room
   */
  public ExternalCharge chargeExternal(long bytes) {
    ExternalCharge charge = new ExternalCharge(this);
    charge.adjust(bytes);
    return charge;
  }

  /**
   * What threads did within the scopes of this component.
   *
   * @return zeros unless the registry was built to attribute work
   */
  public WorkFigures work() {
    return work.figures();
  }

  /**
   * Adds a listener that is called when a charge here or below was refused because this component,
   * or one above it, has no room.
   *
   * @param listener what to call
   * @return takes the listener back when closed
   */
  public Registration addListener(MemoryPressureListener listener) {
    checkOpen();
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Removes the component. Its path may be used again afterwards, for a new component.
   *
   * @throws IllegalStateException when it still has bytes or children, or is the root; it stays
   *     open then
   */
  @Override
  public void close() {
    if (!closed) {
      registry.remove(this);
    }
  }

  @Override
  public String toString() {
    return "Component[" + path + "]";
  }

  BudgetLevel level() {
    return level;
  }

  void markClosed() {
    closed = true;
    budget.closeLevel(level);
  }

  /** Closes the component if it has no bytes; answers how many it has. */
  long closeIfEmpty() {
    long live = budget.removeIfEmpty(level);
    closed = live == 0;
    return live;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("component " + path + " is closed");
    }
  }

  /** Adds to the external bytes, or takes from them when negative. */
  void addExternal(long bytes) {
    Refusal refusal = new Refusal();
    if (budget.tryAddExternal(level, bytes, refusal, false)) {
      return;
    }
    if (!callListeners(refusal.levels())) {
      budget.countRefusal(level, bytes);
    } else if (budget.tryAddExternal(level, bytes, refusal, true)) {
      return;
    }
    throw new MemoryLimitException(refusal.levels());
  }

  /** Charges through an account of the calling thread whose credit did not cover it. */
  void chargeLocked(Account account, long bytes) {
    Refusal refusal = new Refusal();
    if (budget.tryChargeFirst(account, bytes, refusal)) {
      return;
    }
    if (!callListeners(refusal.levels())) {
      budget.countRefusal(level, bytes);
    } else if (budget.tryCharge(account, bytes, refusal)) {
      return;
    }
    throw new MemoryLimitException(refusal.levels());
  }

  /**
   * Calls the listeners from here up to the highest level without room; false when there was none.
   */
  private boolean callListeners(List<LevelOutcome> outcomes) {
    List<MemoryPressureListener> concerned = new ArrayList<>();
    List<MemoryPressureListener> soFar = new ArrayList<>();
    Component component = this;
    for (LevelOutcome outcome : outcomes) {
      if (component == null) {
        break;
      }
      soFar.addAll(component.listeners);
      if (outcome.refused()) {
        concerned.addAll(soFar);
        soFar.clear();
      }
      component = component.parent;
    }
    if (concerned.isEmpty()) {
      return false;
    }
    MemoryLimitException refusal = new MemoryLimitException(outcomes);
    for (MemoryPressureListener listener : concerned) {
      listener.onPressure(this, refusal);
    }
    return true;
  }

  private static long checkSize(String name, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(name + " " + bytes + ": must be zero or more");
    }
    return bytes;
  }

  private static long saturatedNanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException e) {
      return timeout.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }
}
