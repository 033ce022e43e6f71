package io.ullage.core.internal;

import io.ullage.core.DeclaredBounds;
import io.ullage.core.LevelOutcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One level of the budget: a component's limit, what its subtree was granted, and the accounts of
 * the threads that work for it.
 *
 * <p>What is granted counts the bytes in use, external bytes, and the credit that threads hold.
 * Fields are written under the lock of {@link BudgetTree} with release stores and read by anybody
 * with acquire loads.
 *
 * <p><b>Folding.</b> The cells of a thread that ended are added to the base cell and its account
 * leaves the list. A reader in the middle of that would count it twice or not at all, so the fold
 * makes {@link #foldSequence} odd while it works; a reader that saw an odd or a changed sequence
 * reads again.
 */
public final class BudgetLevel {
  /** How many cells {@link #readCells} reads. */
  static final int CELLS = 4;

  private static final int MAX_USED_TRIES = 8;

  private static final VarHandle LIMIT = VarHandles.longField(MethodHandles.lookup(), "limitBytes");
  private static final VarHandle GRANTED =
      VarHandles.longField(MethodHandles.lookup(), "grantedBytes");
  private static final VarHandle PEAK =
      VarHandles.longField(MethodHandles.lookup(), "peakGrantedBytes");
  private static final VarHandle EXTERNAL_ADDED =
      VarHandles.longField(MethodHandles.lookup(), "externalAddedBytes");
  private static final VarHandle EXTERNAL_REMOVED =
      VarHandles.longField(MethodHandles.lookup(), "externalRemovedBytes");
  private static final VarHandle REFUSALS =
      VarHandles.longField(MethodHandles.lookup(), "refusals");
  private static final VarHandle BACKPRESSURE =
      VarHandles.longField(MethodHandles.lookup(), "backpressureNanos");
  private static final VarHandle FOLD_SEQUENCE =
      VarHandles.longField(MethodHandles.lookup(), "foldSequence");

  private final String path;
  private final @Nullable BudgetLevel parent;
  private final int number;

  private long limitBytes = Long.MAX_VALUE;
  private long grantedBytes;
  private long ownGrantedBytes;
  private long peakGrantedBytes;
  private long externalAddedBytes;
  private long externalRemovedBytes;
  private long refusals;
  private long backpressureNanos;

  private volatile @Nullable BudgetLevel firstChild;
  private volatile @Nullable BudgetLevel nextSibling;
  private volatile @Nullable DeclaredBounds declaredBounds;
  private volatile @Nullable Account accounts;
  private volatile Account @Nullable [] stripes;
  private long foldSequence;
  private long foldedAllocatedBytes;
  private long foldedFreedBytes;
  private long foldedAllocations;
  private long foldedFrees;

  /** Open lines in the subtree. */
  private int openLines;

  private boolean closed;

  BudgetLevel(String path, @Nullable BudgetLevel parent, int number) {
    this.path = path;
    this.parent = parent;
    this.number = number;
  }

  public String path() {
    return path;
  }

  @Nullable BudgetLevel parent() {
    return parent;
  }

  /** Different for each level of a tree. */
  int number() {
    return number;
  }

  public long limitBytes() {
    return (long) LIMIT.getAcquire(this);
  }

  /** What the subtree was granted: in use, external, and credits. */
  public long grantedBytes() {
    return (long) GRANTED.getAcquire(this);
  }

  public long peakGrantedBytes() {
    return (long) PEAK.getAcquire(this);
  }

  /** External bytes; exact at some moment of the call. */
  public long externalBytes() {
    long removed = (long) EXTERNAL_REMOVED.getAcquire(this);
    while (true) {
      long added = (long) EXTERNAL_ADDED.getAcquire(this);
      long again = (long) EXTERNAL_REMOVED.getAcquire(this);
      if (again == removed) {
        return added - removed;
      }
      removed = again;
    }
  }

  /** All external bytes that ever came, and all that ever went. Only grows. */
  long externalMovedBytes() {
    return (long) EXTERNAL_ADDED.getAcquire(this) + (long) EXTERNAL_REMOVED.getAcquire(this);
  }

  /** What the component declared; null when it did not. */
  public @Nullable DeclaredBounds declaredBounds() {
    return declaredBounds;
  }

  /** Notes what the component declared. */
  public void setDeclaredBounds(DeclaredBounds bounds) {
    declaredBounds = bounds;
  }

  public long refusals() {
    return (long) REFUSALS.getAcquire(this);
  }

  public long backpressureNanos() {
    return (long) BACKPRESSURE.getAcquire(this);
  }

  /**
   * Reads the four monotone counters, what was freed before what was allocated.
   *
   * @param cells where to put freed bytes, frees, allocated bytes, allocations
   * @param at the first of four places
   */
  public void readCells(long[] cells, int at) {
    while (true) {
      long sequence = (long) FOLD_SEQUENCE.getAcquire(this);
      if ((sequence & 1) == 0) {
        sumCells(cells, at);
        // Orders the cells before the second look at the sequence.
        VarHandle.acquireFence();
        if (sequence == (long) FOLD_SEQUENCE.getOpaque(this)) {
          return;
        }
      }
      Thread.onSpinWait();
    }
  }

  /**
   * What the component itself has in use. Exact at rest; while others charge, right at some moment
   * of the reading.
   */
  public long usedBytes() {
    long[] cells = new long[CELLS];
    long[] again = new long[CELLS];
    readCells(cells, 0);
    for (int i = 0; i < MAX_USED_TRIES; i++) {
      readCells(again, 0);
      if (cells[0] == again[0]) {
        // Nothing was freed in between, so what was allocated then is in use now.
        return cells[2] - cells[0];
      }
      long[] swapped = cells;
      cells = again;
      again = swapped;
    }
    return cells[2] - cells[0];
  }

  /** What the subtree has in use and external. Cost grows with the number of components below. */
  public long totalReservedBytes() {
    long total = usedBytes() + externalBytes();
    for (BudgetLevel child = firstChild; child != null; child = child.nextSibling) {
      total += child.totalReservedBytes();
    }
    return total;
  }

  private void sumCells(long[] cells, int at) {
    Account first = accounts;
    long freed = foldedFreedBytes;
    long frees = foldedFrees;
    for (Account a = first; a != null; a = a.next()) {
      freed += a.freedBytesAcquire();
      frees += a.freesAcquire();
    }
    // An account that was added in between holds allocations whose frees were counted above.
    first = accounts;
    long allocated = foldedAllocatedBytes;
    long allocations = foldedAllocations;
    for (Account a = first; a != null; a = a.next()) {
      allocated += a.allocatedBytesAcquire();
      allocations += a.allocationsAcquire();
    }
    cells[at] = freed;
    cells[at + 1] = frees;
    cells[at + 2] = allocated;
    cells[at + 3] = allocations;
  }

  /** The first level from here to the root that has no room; null when all have. Under the lock. */
  @Nullable BudgetLevel refusingLevel(long bytes, @Nullable BudgetLevel end) {
    checkOpen();
    if (bytes == 0) {
      return null;
    }
    for (BudgetLevel level = this; level != end && level != null; level = level.parent) {
      // Never overflows: granted is not negative. A limit lowered below what is granted gives a
      // negative room.
      if (bytes > level.limitBytes - level.grantedBytes) {
        return level;
      }
    }
    return null;
  }

  /** The least room of all levels up to the root. Under the lock. */
  long roomBytes() {
    long room = Long.MAX_VALUE;
    for (BudgetLevel level = this; level != null; level = level.parent) {
      room = Math.min(room, level.limitBytes - level.grantedBytes);
    }
    return room;
  }

  /**
   * Adds to each level below {@code end}. Under the lock, after {@link #refusingLevel} found none.
   */
  void grant(long bytes, @Nullable BudgetLevel end) {
    for (BudgetLevel level = this; level != end && level != null; level = level.parent) {
      long granted = level.grantedBytes + bytes;
      if (granted > level.peakGrantedBytes) {
        PEAK.setRelease(level, granted);
      }
      GRANTED.setRelease(level, granted);
    }
    ownGrantedBytes += bytes;
  }

  /** Takes from each level below {@code end}. Under the lock. */
  void release(long bytes, @Nullable BudgetLevel end) {
    ownGrantedBytes -= bytes;
    for (BudgetLevel level = this; level != end && level != null; level = level.parent) {
      GRANTED.setRelease(level, level.grantedBytes - bytes);
    }
  }

  /** What the component itself was granted. Under the lock. */
  long ownGrantedBytes() {
    return ownGrantedBytes;
  }

  void addExternal(long bytes) {
    if (bytes > 0) {
      EXTERNAL_ADDED.setRelease(this, externalAddedBytes + bytes);
    } else {
      EXTERNAL_REMOVED.setRelease(this, externalRemovedBytes - bytes);
    }
  }

  void countRefusal() {
    REFUSALS.setRelease(this, refusals + 1);
  }

  void countBackpressure(long nanos) {
    BACKPRESSURE.setRelease(this, backpressureNanos + nanos);
  }

  void setLimitBytes(long bytes) {
    LIMIT.setRelease(this, bytes);
  }

  void addChild(BudgetLevel child) {
    child.nextSibling = firstChild;
    firstChild = child;
  }

  void removeChild(BudgetLevel child) {
    BudgetLevel before = null;
    for (BudgetLevel c = firstChild; c != null && c != child; c = c.nextSibling) {
      before = c;
    }
    // The child keeps its own link, so that a reader who stands on it goes on.
    if (before == null) {
      firstChild = child.nextSibling;
    } else {
      before.nextSibling = child.nextSibling;
    }
  }

  void addAccount(Account account) {
    account.setNext(accounts);
    accounts = account;
  }

  Account @Nullable [] stripes() {
    return stripes;
  }

  void setStripes(Account[] shared) {
    stripes = shared;
  }

  /** Counts lines that were opened, or closed when negative, up to the root. Under the lock. */
  void addOpenLines(int lines) {
    for (BudgetLevel level = this; level != null; level = level.parent) {
      level.openLines += lines;
    }
  }

  /** Adds all accounts of the subtree that have an open line. Under the lock. */
  void collectOpen(List<Account> open) {
    if (openLines == 0) {
      return;
    }
    for (Account a = accounts; a != null; a = a.next()) {
      if (a.isOpen()) {
        open.add(a);
      }
    }
    for (BudgetLevel child = firstChild; child != null; child = child.nextSibling) {
      child.collectOpen(open);
    }
  }

  /** Moves the cells of all ended accounts to the base cell. Under the lock. */
  void foldEnded() {
    long sequence = foldSequence;
    FOLD_SEQUENCE.setOpaque(this, sequence + 1);
    // Orders the odd sequence before all that follows.
    VarHandle.storeStoreFence();
    Account last = null;
    for (Account a = accounts; a != null; a = a.next()) {
      if (a.isEnded()) {
        foldedAllocatedBytes += a.allocatedBytesAcquire();
        foldedFreedBytes += a.freedBytesAcquire();
        foldedAllocations += a.allocationsAcquire();
        foldedFrees += a.freesAcquire();
        if (last == null) {
          accounts = a.next();
        } else {
          last.setNext(a.next());
        }
      } else {
        last = a;
      }
    }
    FOLD_SEQUENCE.setRelease(this, sequence + 2);
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("component " + path + " is closed");
    }
  }

  /** What each level up to the root says to a request. Under the lock. */
  List<LevelOutcome> outcomes(long bytes, @Nullable BudgetLevel end) {
    List<LevelOutcome> outcomes = new ArrayList<>();
    boolean asked = true;
    for (BudgetLevel level = this; level != null; level = level.parent) {
      asked &= level != end;
      boolean refused = asked && bytes > level.limitBytes - level.grantedBytes;
      outcomes.add(
          new LevelOutcome(level.path, level.limitBytes, level.grantedBytes, bytes, refused));
    }
    return outcomes;
  }
}
