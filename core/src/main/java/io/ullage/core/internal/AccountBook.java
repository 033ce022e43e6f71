package io.ullage.core.internal;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds and makes the accounts of threads.
 *
 * <p>A platform thread has an account of its own for each component it works for, made at its first
 * charge. Virtual threads, of which there may be millions, share a few accounts of each component;
 * which one depends on their number.
 *
 * <p>When a platform thread has ended, its cells are added to the base cells of its components, and
 * its accounts are dropped. {@link Thread#isAlive()} turning false orders all that the thread did
 * before the fold. Threads are looked through whenever their number has doubled, so the cost per
 * thread is constant.
 *
 * <p>A thread keeps no budget alive: what its thread-local map holds is only a weak reference to
 * its accounts. The strong one is in the list of threads here. Otherwise a budget that was dropped
 * would stay for as long as any thread that ever charged to it, for its accounts lead back to the
 * key of that map's entry.
 */
final class AccountBook {
  private static final int MIN_THREADS_TO_FOLD = 64;

  /** More stripes than this help nobody: each costs a reader of every component. */
  private static final int MAX_STRIPES = 16;

  private final BudgetTree tree;
  private final boolean fenced;
  private final int stripes;

  @SuppressWarnings("ThreadLocalUsage") // One for each budget; no thread keeps it alive, see above.
  private final ThreadLocal<@Nullable WeakReference<ThreadAccounts>> own = new ThreadLocal<>();

  /** Under the lock of the tree. */
  private final List<ThreadAccounts> threads = new ArrayList<>();

  private int foldAtThreads = MIN_THREADS_TO_FOLD;

  AccountBook(BudgetTree tree, boolean fenced) {
    this.tree = tree;
    this.fenced = fenced;
    int processors = Runtime.getRuntime().availableProcessors();
    this.stripes = Math.min(MAX_STRIPES, Integer.highestOneBit(Math.max(1, processors * 2 - 1)));
  }

  /** The account of this thread; null when there is none yet. */
  @Nullable Account find(BudgetLevel level) {
    Thread thread = Thread.currentThread();
    if (thread.isVirtual()) {
      Account[] shared = level.stripes();
      return shared == null ? null : shared[stripe(thread)];
    }
    ThreadAccounts accounts = ownAccounts();
    return accounts == null ? null : accounts.find(level);
  }

  /** Makes the account of this thread. Under the lock of the tree. */
  Account create(BudgetLevel level) {
    Thread thread = Thread.currentThread();
    if (thread.isVirtual()) {
      return createStripes(level)[stripe(thread)];
    }
    ThreadAccounts accounts = ownAccounts();
    if (accounts == null) {
      accounts = addThread();
    }
    Account account =
        fenced ? new FencedAccount(tree, level) : new SwappingAccount(tree, level, false);
    level.addAccount(account);
    accounts.add(account);
    return account;
  }

  /** Folds the cells of threads that have ended. Under the lock of the tree. */
  void foldEnded() {
    Set<BudgetLevel> levels = new HashSet<>();
    threads.removeIf(
        thread -> {
          if (!thread.ownerHasEnded()) {
            return false;
          }
          for (Account account : thread.slots()) {
            if (account != null) {
              tree.closeEnded(account);
              levels.add(account.level());
            }
          }
          return true;
        });
    levels.forEach(BudgetLevel::foldEnded);
  }

  private @Nullable ThreadAccounts ownAccounts() {
    WeakReference<ThreadAccounts> reference = own.get();
    return reference == null ? null : reference.get();
  }

  private ThreadAccounts addThread() {
    if (threads.size() >= foldAtThreads) {
      foldEnded();
      foldAtThreads = Math.max(MIN_THREADS_TO_FOLD, 2 * threads.size());
    }
    ThreadAccounts accounts = new ThreadAccounts();
    threads.add(accounts);
    own.set(new WeakReference<>(accounts));
    return accounts;
  }

  private Account[] createStripes(BudgetLevel level) {
    Account[] known = level.stripes();
    if (known != null) {
      return known;
    }
    Account[] shared = new Account[stripes];
    for (int i = 0; i < stripes; i++) {
      shared[i] = new SwappingAccount(tree, level, true);
      level.addAccount(shared[i]);
    }
    level.setStripes(shared);
    return shared;
  }

  private int stripe(Thread thread) {
    return (int) thread.threadId() & (stripes - 1);
  }
}
