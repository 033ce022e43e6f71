package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process that is killed leaves behind goes with the next open; what a live one has stays.
 */
class LeftoversIT {
  /** How many processes are killed; the full run sets 100. */
  private static final int KILLS = Integer.getInteger("ullage.spill.kills", 5);

  private static final long SEED = Long.getLong("ullage.spill.seed", 25);

  @TempDir Path directory;

  private String[] names() {
    String[] names = directory.toFile().list();
    return names == null ? new String[0] : names;
  }

  @Test
  void aFileOfALiveProcessStaysAndGoesOnceItIsKilled() throws Exception {
    try (ForkedSpill program =
        new ForkedSpill(SpillingProgram.class, directory.toString(), "stuck")) {
      program.await("stuck");
      assertThat(names()).as("a marker and a file that has its name").hasSize(2);
      MappedFileStore.builder(directory).build().close();
      assertThat(names()).as("the sweep leaves both").hasSize(2);
      program.kill();
      assertThat(names()).as("nobody cleaned up").hasSize(2);
      MappedFileStore.builder(directory).build().close();
      assertThat(directory).as("the next open did").isEmptyDirectory();
    }
  }

  @Test
  void nothingIsLeftAfterTheNextOpenWhenAProcessIsKilledInTheMiddle() throws Exception {
    Random random = new Random(SEED);
    long usedBefore = usedBytes();
    for (int i = 0; i < KILLS; i++) {
      try (ForkedSpill program =
          new ForkedSpill(SpillingProgram.class, directory.toString(), "busy")) {
        program.await("ready");
        // Not to wait for something: to kill at a random place.
        LockSupport.parkNanos(random.nextInt(100_000_000));
        program.kill();
      }
      MappedFileStore.builder(directory).build().close();
      assertThat(directory).as("seed %d, kill %d", SEED, i).isEmptyDirectory();
    }
    assertThat(usedBytes()).isEqualTo(usedBefore);
  }

  /** What the files of this directory take, by their names: nameless ones died with the process. */
  private long usedBytes() throws IOException {
    long bytes = 0;
    for (String name : names()) {
      bytes += Files.size(directory.resolve(name));
    }
    return bytes;
  }
}
