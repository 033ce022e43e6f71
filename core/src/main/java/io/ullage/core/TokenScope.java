package io.ullage.core;

import io.ullage.core.internal.Attribution;
import io.ullage.core.internal.TokenStack;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of code that runs on behalf of a component: what {@link ComponentToken#enter()}
 * returns.
 *
 * <p>Confined to the thread that entered. Scopes nest and close in reverse order.
 */
public final class TokenScope implements AutoCloseable {
  private final TokenStack<ComponentToken> stack;
  private final int depth;
  private final long entry;
  private final @Nullable Attribution attribution;

  TokenScope(
      TokenStack<ComponentToken> stack, ComponentToken token, @Nullable Attribution attribution) {
    this.attribution = attribution;
    this.stack = stack;
    this.depth = stack.push(token);
    this.entry = stack.lastEntry();
  }

  /**
   * Restores the token that was current before.
   *
   * @throws WrongThreadException on another thread than the one that entered
   * @throws IllegalStateException when a scope entered later is still open, or this one is closed
   *     already
   */
  @Override
  public void close() {
    stack.pop(depth, entry);
    if (attribution != null) {
      attribution.leave();
    }
  }
}
