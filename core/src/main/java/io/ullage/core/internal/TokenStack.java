package io.ullage.core.internal;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that one thread has entered, innermost last.
 *
 * <p>Each entry has a number that never repeats on its thread; the scope keeps it, and that of the
 * entry around it. One comparison with the innermost number tells whether a scope may be closed: it
 * may not when it was closed before, even if its place was taken by another, nor when one that was
 * entered later is still open. Confined to its thread.
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
  private int depth;
  private long innermost;
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

  /** The number of the innermost entry; 0 when no scope is open. */
  public long innermost() {
    return innermost;
  }

  /** Opens a scope and answers its number. */
  @SuppressWarnings("ReferenceEquality") // The very same object, else it is stored.
  public long push(WeakReference<T> token) {
    int at = depth;
    if (at == tokens.length) {
      tokens = Arrays.copyOf(tokens, at * 2);
    }
    if (tokens[at] != token) {
      tokens[at] = token;
    }
    depth = at + 1;
    long entry = lastEntry + 1;
    lastEntry = entry;
    innermost = entry;
    return entry;
  }

  /**
   * Closes the innermost scope, which must be the one given.
   *
   * @param at how many were open when it was entered
   * @param entry its number
   * @param around the number of the entry around it
   * @param closed whether it was closed before, which matters only if it is not the innermost
   */
  @SuppressWarnings(
      "ReferenceEquality") // A subclass of Thread may define equals; the owner is one thread.
  public void pop(int at, long entry, long around, boolean closed) {
    if (Thread.currentThread() != owner) {
      throw new WrongThreadException(
          "scope entered by " + owner + " must be closed there, not by " + Thread.currentThread());
    }
    if (innermost != entry) {
      throw new IllegalStateException(
          closed
              ? "scope is closed already"
              : "scope closed out of order: "
                  + (depth - 1 - at)
                  + " entered after it still open, innermost "
                  + top());
    }
    innermost = around;
    depth = at;
  }
}
