package io.ullage.core.internal;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that one thread has entered, innermost last.
 *
 * <p>Each entry has a number that never repeats on its thread, so a scope that is closed twice is
 * found out even when its place was taken by another. Confined to its thread.
 *
 * <p>A reference that was left stays in its place until another takes it, for storing one costs
 * more than all the rest with some collectors. That is why they are weak: a thread that once worked
 * for a registry must not keep it alive. While a scope is open, the scope itself holds its token.
 *
 * @param <T> the token
 */
public final class TokenStack<T> {
  /** Deeper nesting than this grows the stack. */
  private static final int INITIAL_DEPTH = 8;

  private final Thread owner = Thread.currentThread();
  private @Nullable Object[] tokens = new @Nullable Object[INITIAL_DEPTH];
  private long[] entries = new long[INITIAL_DEPTH];
  private int depth;
  private long lastEntry;

  /** How many scopes are open. */
  public int depth() {
    return depth;
  }

  /** The innermost token; null when none is open. */
  @SuppressWarnings("unchecked") // Only push writes, and only references to tokens.
  public @Nullable T top() {
    if (depth == 0) {
      return null;
    }
    WeakReference<T> reference = (WeakReference<T>) tokens[depth - 1];
    return reference == null ? null : reference.get();
  }

  /** Opens a scope and answers its depth. */
  @SuppressWarnings("ReferenceEquality") // The very same object, else it is stored.
  public int push(WeakReference<T> token) {
    int at = depth;
    if (at == tokens.length) {
      tokens = Arrays.copyOf(tokens, at * 2);
      entries = Arrays.copyOf(entries, at * 2);
    }
    if (tokens[at] != token) {
      tokens[at] = token;
    }
    entries[at] = ++lastEntry;
    depth = at + 1;
    return at;
  }

  /** The number of the scope opened last. */
  public long lastEntry() {
    return lastEntry;
  }

  /** Closes the innermost scope, which must be the one given. */
  @SuppressWarnings(
      "ReferenceEquality") // A subclass of Thread may define equals; the owner is one thread.
  public void pop(int at, long entry) {
    if (Thread.currentThread() != owner) {
      throw new WrongThreadException(
          "scope entered by " + owner + " must be closed there, not by " + Thread.currentThread());
    }
    if (at >= depth || entries[at] != entry) {
      throw new IllegalStateException("scope is closed already");
    }
    if (at != depth - 1) {
      throw new IllegalStateException(
          "scope closed out of order: "
              + (depth - 1 - at)
              + " entered after it still open, innermost "
              + top());
    }
    depth = at;
  }
}
