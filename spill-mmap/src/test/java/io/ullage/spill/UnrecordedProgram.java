package io.ullage.spill;

import io.ullage.core.Component;
import io.ullage.core.MemoryLimitException;
import java.time.Duration;

/** Has most of what happens to memory and queues happen, while nobody records it. */
final class UnrecordedProgram {
  private UnrecordedProgram() {}

  /** Says how often it was refused. */
  public static void main(String[] arguments) throws Exception {
    int refusals = 0;
    FaultyStore store = new FaultyStore(new HeapStore());
    try (QueueFixture fixture = new QueueFixture(1 << 20);
        SpillQueue queue = fixture.builder().store(store).spillPolicy(new EagerPolicy()).build();
        SpillWriter writer = queue.writer()) {
      Component small = fixture.registry.component("small");
      small.setLimitBytes(100);
      try {
        small.charge(1000, Duration.ofMillis(1));
      } catch (MemoryLimitException refused) {
        refusals++;
      }
      fixture.queue.setLimitBytes(100 << 10);
      store.spillFails = call -> call < 2;
      store.fetchFails = call -> call < 2;
      for (int i = 0; i < 20; i++) {
        fixture.offer(writer, i, 20 << 10);
      }
      for (int i = 0; i < 20; i++) {
        fixture.expect(queue, i, 20 << 10);
      }
    }
    System.out.println("refused " + refusals);
  }
}
