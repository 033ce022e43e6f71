package io.ullage.core;

import io.ullage.core.internal.Attribution;
import io.ullage.core.internal.TokenStack;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of code that runs on behalf of a component: what {@link ComponentToken#enter()}
 * returns.
 *
 * <p>Confined to the thread that entered. Scopes nest and close in reverse order.
 */
public final class TokenScope implements AutoCloseable {
  private final TokenStack<ComponentToken> stack;
  private final ComponentToken token;
  private final int depth;
  private final long entry;
  private final long around;
  private final @Nullable Attribution attribution;
  private boolean closed;

  TokenScope(
      TokenStack<ComponentToken> stack, ComponentToken token, @Nullable Attribution attribution) {
    this.attribution = attribution;
    this.stack = stack;
    this.token = token;
    this.depth = stack.depth();
    this.around = stack.innermost();
    this.entry = stack.push(token.reference());
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
    try {
      stack.pop(depth, entry, around, closed);
      closed = true;
    } finally {
      // Until here the stack's weak reference must lead to the token.
      Reference.reachabilityFence(token);
    }
    if (attribution != null) {
      attribution.leave();
    }
  }
}
