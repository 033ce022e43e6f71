package io.ullage.lease.redis;

import io.ullage.lease.Lease;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStores;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * One of several processes that share thousands of keys. It takes and gives back keys at random
 * while it holds its share of them. In a file that all map, it writes for each key that it holds,
 * and the token; whoever finds somebody else's mark, or a token that is no less than its own,
 * counts an overlap.
 */
final class ManyLeases {
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final Duration TTL = Duration.ofSeconds(20);

  private final MemorySegment marks;
  private final LeaseManager manager;
  private final int keys;
  private final Map<Integer, Lease> held = new HashMap<>();
  private long overlaps;

  private ManyLeases(MemorySegment marks, LeaseManager manager, int keys) {
    this.marks = marks;
    this.manager = manager;
    this.keys = keys;
  }

  /** Arguments: URI, file, keys, share, seconds, seed. */
  public static void main(String[] arguments) throws Exception {
    int keys = Integer.parseInt(arguments[2]);
    int share = Integer.parseInt(arguments[3]);
    long nanos = Duration.ofSeconds(Long.parseLong(arguments[4])).toNanos();
    Random random = new Random(Long.parseLong(arguments[5]));
    try (FileChannel file =
            FileChannel.open(
                Path.of(arguments[1]), StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofShared();
        LeaseStore store = LeaseStores.open(URI.create(arguments[0]));
        LeaseManager manager = LeaseManager.builder(store).ttl(TTL).build()) {
      ManyLeases leases =
          new ManyLeases(
              file.map(FileChannel.MapMode.READ_WRITE, 0, 16L * keys, arena), manager, keys);
      long begun = System.nanoTime();
      while (leases.held.size() < share) {
        leases.take(random);
      }
      System.out.println("full");
      while (System.nanoTime() - begun < nanos) {
        leases.giveBack(leases.held.keySet().iterator().next());
        while (leases.held.size() < share) {
          leases.take(random);
        }
      }
      long lost = leases.held.values().stream().filter(lease -> lease.loss().isPresent()).count();
      long renewed = manager.statistics().renewed();
      long acquired = manager.statistics().acquired();
      while (!leases.held.isEmpty()) {
        leases.giveBack(leases.held.keySet().iterator().next());
      }
      System.out.println(leases.overlaps + " " + lost + " " + acquired + " " + renewed);
    }
  }

  private void take(Random random) {
    int key = random.nextInt(keys);
    if (held.containsKey(key)) {
      return;
    }
    manager.tryAcquire("key-" + key).ifPresent(lease -> mark(key, lease));
  }

  private void mark(int key, Lease lease) {
    long before = (long) LONG.getAndAdd(marks, 16L * key, 1L);
    long token = (long) LONG.getVolatile(marks, 16L * key + 8);
    if (before != 0 || token >= lease.token()) {
      overlaps++;
    }
    LONG.setVolatile(marks, 16L * key + 8, lease.token());
    held.put(key, lease);
  }

  private void giveBack(Integer key) {
    Lease lease = held.remove(key);
    LONG.getAndAdd(marks, 16L * key, -1L);
    if (lease != null) {
      lease.close();
    }
  }
}
