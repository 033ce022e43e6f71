package io.ullage.spill;

import io.ullage.spill.internal.store.LinuxSystemCalls;
import io.ullage.spill.internal.store.RealCalls;
import io.ullage.spill.internal.store.SystemCalls;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Spills and fetches until it is killed; a file of it may be caught while it still has a name. */
final class SpillingProgram {
  private SpillingProgram() {}

  /** Never comes back from taking a file's name away. */
  private static final class Stuck extends RealCalls {
    @Override
    public void unlink(Path file) {
      System.out.println("stuck");
      while (true) {
        LockSupport.park();
      }
    }
  }

  /** Takes the directory, and {@code stuck} or {@code busy}. */
  public static void main(String[] arguments) throws Exception {
    SystemCalls calls =
        arguments[1].equals("stuck") ? new Stuck() : LinuxSystemCalls.ofThisSystem();
    QueueFixture fixture = new QueueFixture(16 << 20);
    SpillStore store =
        MappedFileStore.builder(Path.of(arguments[0]))
            .segmentBytes(64 << 10)
            .recycledBytes(0)
            .build(calls);
    SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
    SpillWriter writer = queue.writer();
    System.out.println("ready");
    for (long next = 0; ; ) {
      for (int i = 0; i < 100; i++) {
        fixture.offer(writer, next + i, 9000);
      }
      for (int i = 0; i < 100; i++) {
        fixture.expect(queue, next++, 9000);
      }
    }
  }
}
