package io.ullage.alloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ullage.core.ComponentRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HugePagesTest {
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final Path SUPPORT = Path.of("/sys/kernel/mm/transparent_hugepage");
  private static final long HUGE_PAGE_BYTES = 2 << 20;

  @Test
  void areAdvisedForLargeMappingsIfAskedFor() throws IOException {
    assumeTrue(Files.exists(SUPPORT) && Files.exists(MAPPINGS), "no transparent huge pages here");
    assertThat(isAdvised(true)).isTrue();
    assertThat(isAdvised(false)).isFalse();
  }

  private static boolean isAdvised(boolean asked) throws IOException {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
        ChunkPool chunks = ChunkPool.builder(registry).hugePages(asked).build();
        PooledSegment segment =
            SegmentPool.over(chunks).acquire(registry.component("a").token(), 8 << 20)) {
      segment.segment().fill((byte) 1);
      long address = segment.segment().address();
      if (asked) {
        assertThat(address % HUGE_PAGE_BYTES).isZero();
      }
      return flags(address).contains(" hg");
    }
  }

  /** The flags of the mapping that holds an address. */
  private static String flags(long address) throws IOException {
    List<String> lines = Files.readAllLines(MAPPINGS);
    boolean inside = false;
    for (String line : lines) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        int dash = line.indexOf('-');
        long begin = Long.parseUnsignedLong(line.substring(0, dash), 16);
        long end = Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16);
        inside =
            Long.compareUnsigned(begin, address) <= 0 && Long.compareUnsigned(address, end) < 0;
      } else if (inside && line.startsWith("VmFlags:")) {
        return line;
      }
    }
    throw new AssertionError("no mapping at this address");
  }
}
