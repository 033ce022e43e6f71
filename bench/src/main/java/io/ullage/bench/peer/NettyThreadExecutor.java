package io.ullage.bench.peer;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs JMH's workers on Netty's kind of thread; JMH makes it by name. A worker may still be on its
 * way back when the next iteration's task comes, so tasks queue for it.
 */
public final class NettyThreadExecutor extends ThreadPoolExecutor {
  /** Called by JMH. */
  public NettyThreadExecutor(int threads, String prefix) {
    super(
        threads,
        threads,
        0,
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix, true));
  }
}
