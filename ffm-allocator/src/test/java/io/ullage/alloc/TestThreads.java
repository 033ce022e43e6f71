package io.ullage.alloc;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/** Threads that do what they are told, one step at a time. */
final class TestThreads implements AutoCloseable {
  private final List<ExecutorService> threads;

  TestThreads(int platform, int virtual) {
    threads =
        Stream.concat(
                Stream.generate(Thread.ofPlatform()::factory).limit(platform),
                Stream.generate(Thread.ofVirtual()::factory).limit(virtual))
            .map((ThreadFactory factory) -> Executors.newSingleThreadExecutor(factory))
            .toList();
  }

  int count() {
    return threads.size();
  }

  /** Has one of them do something, and throws what it threw. */
  <T> T on(int thread, Callable<T> step) {
    try {
      return threads.get(thread).submit(step).get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new AssertionError(failed.getCause());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  void run(int thread, Runnable step) {
    on(thread, Executors.callable(step));
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::close);
  }
}
