package io.ullage.core;

import io.ullage.core.internal.Attribution;
import io.ullage.core.internal.ScopeWork;
import io.ullage.core.internal.TokenStack;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The small value that code carries to say for which component it works.
 *
 * <p>{@link #enter()} makes it current on this thread until the scope is closed. {@link
 * #wrap(Runnable)} and its siblings carry it to whatever thread runs the task, virtual threads
 * included. {@link #run} and {@link #call} bind it as a {@link ScopedValue}, which structured task
 * scopes hand on to their subtasks; plain threads and executors do not inherit it. Where an entered
 * scope and a binding are both present, the inner one counts. Immutable, thread-safe.
 */
public final class ComponentToken {
  // Static because the current token belongs to the thread, whichever registry made it.
  private static final ThreadLocal<TokenStack<ComponentToken>> ENTERED =
      ThreadLocal.withInitial(TokenStack::new);
  private static final ScopedValue<Binding> BOUND = ScopedValue.newInstance();

  private final Component component;
  private final ScopeWork work;
  private final @Nullable Attribution attribution;
  private final WeakReference<ComponentToken> reference = new WeakReference<>(this);

  ComponentToken(Component component, ScopeWork work, @Nullable Attribution attribution) {
    this.component = component;
    this.work = work;
    this.attribution = attribution;
  }

  /**
   * The component that it stands for.
   *
   * @return the component
   */
  public Component component() {
    return component;
  }

  /**
   * Makes this token current on this thread until the scope is closed; scopes nest.
   *
   * @return the scope, to be closed by this thread
   */
  public TokenScope enter() {
    TokenScope scope = new TokenScope(ENTERED.get(), this, attribution);
    if (attribution != null) {
      attribution.enter(work);
    }
    return scope;
  }

  /**
   * The token for which this thread works.
   *
   * @return empty when no scope is open and nothing is bound
   */
  public static Optional<ComponentToken> current() {
    TokenStack<ComponentToken> stack = ENTERED.get();
    ComponentToken entered = stack.top();
    if (!BOUND.isBound()) {
      return Optional.ofNullable(entered);
    }
    Binding binding = BOUND.get();
    return Optional.of(entered != null && binding.isOutside(stack) ? entered : binding.token);
  }

  /**
   * Runs a task with this token bound.
   *
   * @param task what to run
   */
  public void run(Runnable task) {
    ScopedValue.where(BOUND, new Binding(this)).run(task);
  }

  /**
   * Calls a task with this token bound.
   *
   * @param task what to call
   * @param <T> the type of the result
   * @param <X> what the task may throw
   * @return the result of the task
   * @throws X when the task does
   */
  public <T extends @Nullable Object, X extends Throwable> T call(
      ScopedValue.CallableOp<? extends T, X> task) throws X {
    return ScopedValue.where(BOUND, new Binding(this)).<T, X>call(task);
  }

  /**
   * A task that runs with this token current, on whatever thread.
   *
   * @param task what to run
   * @return the task, wrapped
   */
  public Runnable wrap(Runnable task) {
    return () -> {
      try (TokenScope _ = enter()) {
        task.run();
      }
    };
  }

  /**
   * A task that is called with this token current, on whatever thread.
   *
   * @param task what to call
   * @param <T> the type of the result
   * @return the task, wrapped
   */
  public <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    return () -> {
      try (TokenScope _ = enter()) {
        return task.call();
      }
    };
  }

  /**
   * An executor whose tasks run with this token current.
   *
   * @param executor what runs them
   * @return the executor, wrapped
   */
  public Executor wrap(Executor executor) {
    return task -> executor.execute(wrap(task));
  }

  /**
   * An executor service whose tasks run with this token current. Shutting it down shuts the wrapped
   * one down.
   *
   * @param executor what runs them
   * @return the executor service, wrapped
   */
  public ExecutorService wrap(ExecutorService executor) {
    return new TokenExecutorService(this, executor);
  }

  @Override
  public String toString() {
    return "ComponentToken[" + component.path() + "]";
  }

  /** One weak reference for all scopes. */
  WeakReference<ComponentToken> reference() {
    return reference;
  }

  /** A token bound as a scoped value, and how many scopes its thread had open at that moment. */
  private static final class Binding {
    private final ComponentToken token;
    private final TokenStack<ComponentToken> stack = ENTERED.get();
    private final int depth = stack.depth();

    Binding(ComponentToken token) {
      this.token = token;
    }

    /**
     * Whether the innermost scope of a thread lies inside this binding; a thread that inherited it
     * entered all inside.
     */
    boolean isOutside(TokenStack<ComponentToken> current) {
      return current != stack || current.depth() > depth;
    }
  }
}
