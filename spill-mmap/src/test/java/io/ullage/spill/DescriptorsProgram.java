package io.ullage.spill;

import java.nio.file.Path;

/** Spills more files than it may open, then reads everything back. */
final class DescriptorsProgram {
  private static final int ENTRIES = 3000;

  private DescriptorsProgram() {}

  /** Takes the directory. */
  public static void main(String[] arguments) throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        SpillStore store =
            MappedFileStore.builder(Path.of(arguments[0]))
                .segmentBytes(64 << 10)
                .recycledBytes(0)
                .build();
        SpillQueue queue =
            fixture
                .builder()
                .store(store)
                .spillPolicy(new EagerPolicy())
                .whenFull(WhenFull.KEEP_RESIDENT)
                .build();
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < ENTRIES; i++) {
        fixture.offer(writer, i, 9000);
      }
      QueueFixture.eventually(
          () -> queue.statistics().storeState() == StoreState.WRITE_FAILED, "no descriptor left");
      System.out.println("state: " + queue.statistics().storeMessage());
      for (int i = 0; i < ENTRIES; i++) {
        fixture.expect(queue, i, 9000);
      }
      System.out.println("all there");
    }
  }
}
