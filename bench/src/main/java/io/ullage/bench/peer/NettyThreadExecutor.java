package io.ullage.bench.peer;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs JMH's workers on Netty's kind of thread; JMH makes it by name. */
public final class NettyThreadExecutor extends ThreadPoolExecutor {
  /** Called by JMH. */
  public NettyThreadExecutor(int threads, String prefix) {
    super(
        threads,
        threads,
        0,
        TimeUnit.MILLISECONDS,
        // A thread may not be back yet from one iteration when the next begins: its task waits.
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix, true));
  }
}
