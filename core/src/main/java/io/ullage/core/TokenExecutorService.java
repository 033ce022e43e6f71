package io.ullage.core;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** An executor service whose tasks run with a token current. */
final class TokenExecutorService extends AbstractExecutorService {
  private final ComponentToken token;
  private final ExecutorService executor;

  TokenExecutorService(ComponentToken token, ExecutorService executor) {
    this.token = token;
    this.executor = executor;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(token.wrap(task));
  }

  @Override
  public void shutdown() {
    executor.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return executor.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }
}
