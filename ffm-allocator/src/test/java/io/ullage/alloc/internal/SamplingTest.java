package io.ullage.alloc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static final long PLENTY_NANOS = Duration.ofMillis(1).toNanos();

  @Test
  void takesOneOfSoMany() {
    assertThat(sampled(10, PLENTY_NANOS)).containsExactly(9, 19, 29, 39, 49);
  }

  @Test
  void takesNoMoreThanTheTimeAllows() {
    assertThat(sampled(10, 0)).containsExactly(9);
  }

  @Test
  void takesAllIfAskedToWhateverTheTime() {
    assertThat(sampled(1, 0)).hasSize(50);
  }

  @Test
  void takesNoneIfAskedTo() {
    assertThat(sampled(0, PLENTY_NANOS)).isEmpty();
  }

  /** Which of 50 buffers are sampled, when the clock moves so far each time that it is read. */
  private static List<Integer> sampled(int every, long nanosBetween) {
    AtomicLong nanos = new AtomicLong();
    Sampling sampling = new Sampling(every, false, () -> nanos.getAndAdd(nanosBetween));
    List<Integer> sampled = new ArrayList<>();
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
        SlotAllocator slots =
            new SlotAllocator(
                registry,
                new ArenaMemorySource(),
                new LeakDetector(leak -> {}),
                sampling,
                Duration.ofSeconds(5))) {
      Tenant tenant = slots.tenant(registry.component("a"));
      for (int each = 0; each < 50; each++) {
        tenant.account().charge(SizeClasses.slotBytes(0));
        Slot slot = slots.open(tenant, 0);
        if (tenant.cache().isTimeToSample()) {
          sampled.add(each);
        }
        slot.close();
      }
    }
    return sampled;
  }
}
