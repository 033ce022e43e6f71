package io.ullage.stress.soak;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseHeldException;
import io.ullage.lease.LeaseManager;
import io.ullage.spill.MappedFileStore;
import io.ullage.stress.soak.SoakPlan.Disturbance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the workers, does to them what the plan says, and looks at them all the time. */
final class Soak {
  private static final long LOOK_MILLIS = 50;
  private static final long END_PATIENCE_SECONDS = 180;
  private static final Duration TAKEOVER_PATIENCE = Duration.ofSeconds(5);

  private final SoakFolders folders;
  private final SoakReport report;
  private final Consumer<String> progress;
  private final SplittableRandom seeds;
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final List<Ending> endings = new ArrayList<>();
  private final CounterFileWatch counters;
  private @Nullable SmallDisk disk;
  private int started;

  /** What ends a disturbance, and when. */
  private record Ending(long atNanos, Action action) {}

  /** Something done to a worker or to the disk. */
  private interface Action {
    void run() throws IOException, InterruptedException;
  }

  Soak(SoakFolders folders, long seed, SoakReport report, Consumer<String> progress) {
    this.folders = folders;
    this.report = report;
    this.progress = progress;
    this.seeds = new SplittableRandom(seed + 1);
    this.counters = new CounterFileWatch(folders.counters(), report);
  }

  /** Runs the plan for so long. */
  void run(SoakPlan plan, int count, long millis) throws IOException, InterruptedException {
    disk = SmallDisk.mount(folders.spill()).orElse(null);
    if (disk == null) {
      progress.accept("no full-disk periods: mounting a small file system takes root");
    }
    long begun = System.nanoTime();
    try {
      makeKeys();
      for (int i = 0; i < count; i++) {
        workers.add(start(i));
      }
      begun = System.nanoTime();
      for (Disturbance next : plan.disturbances()) {
        awaitUntil(begun + TimeUnit.MILLISECONDS.toNanos(next.atMillis()));
        disturb(next);
      }
      awaitUntil(begun + TimeUnit.MILLISECONDS.toNanos(millis));
      end();
      report.lasted((System.nanoTime() - begun) / 60e9);
      checkWhatIsLeft();
    } finally {
      for (WorkerProcess worker : workers) {
        if (worker.isAlive()) {
          worker.kill();
        }
      }
      if (disk != null) {
        disk.unmount();
      }
    }
  }

  /** Who is killed while a key is made may hold up the others; that is not what is soaked here. */
  private void makeKeys() {
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(folders.leases());
        LeaseManager manager = LeaseManager.builder(store).build()) {
      for (int i = 0; i < LeaseChurn.KEYS; i++) {
        manager.tryAcquire(LeaseChurn.key(i)).orElseThrow().close();
      }
    }
  }

  private WorkerProcess start(int index) throws IOException {
    started++;
    return WorkerProcess.start(
        "worker " + index + "." + started, seeds.nextLong(), folders, report);
  }

  private void disturb(Disturbance next) throws IOException, InterruptedException {
    WorkerProcess worker = workers.get(next.worker());
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(next.lastsMillis());
    switch (next.kind()) {
      case KILL -> {
        worker.kill();
        report.killed();
        workers.set(next.worker(), start(next.worker()));
      }
      case STOP -> {
        worker.signal("STOP");
        report.stopped();
        endings.add(new Ending(until, () -> worker.signal("CONT")));
      }
      case FULL_DISK -> {
        SmallDisk filled = disk;
        if (filled != null) {
          filled.fill();
          report.diskWasFull();
          endings.add(new Ending(until, filled::free));
        }
      }
    }
  }

  private void awaitUntil(long nanos) throws IOException, InterruptedException {
    while (System.nanoTime() - nanos < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      for (Ending ending : List.copyOf(endings)) {
        if (System.nanoTime() - ending.atNanos() >= 0) {
          ending.action().run();
          endings.remove(ending);
        }
      }
      counters.look();
      for (int i = 0; i < workers.size(); i++) {
        if (!workers.get(i).isAlive()) {
          // Nobody killed it: its exit code says what happened.
          workers.get(i).await(END_PATIENCE_SECONDS);
          report.violation("worker " + i + " ended by itself");
          workers.set(i, start(i));
        }
      }
    }
  }

  private void end() throws IOException, InterruptedException {
    for (Ending ending : endings) {
      ending.action().run();
    }
    for (WorkerProcess worker : workers) {
      worker.end();
    }
    for (WorkerProcess worker : workers) {
      worker.await(END_PATIENCE_SECONDS);
    }
  }

  /** The dead hold no lease and leave no file, once somebody else has been there. */
  private void checkWhatIsLeft() throws IOException, InterruptedException {
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(folders.leases());
        LeaseManager manager = LeaseManager.builder(store).build()) {
      for (int i = 0; i < LeaseChurn.KEYS; i++) {
        String key = LeaseChurn.key(i);
        try {
          manager.acquire(key, TAKEOVER_PATIENCE).close();
          report.check(true, "", "");
        } catch (LeaseHeldException held) {
          report.check(false, "the dead hold no lease", held);
        }
      }
    }
    MappedFileStore.builder(folders.spill()).build().close();
    try (Stream<Path> files = Files.list(folders.spill())) {
      List<String> left = files.map(file -> String.valueOf(file.getFileName())).toList();
      report.check(left.isEmpty(), "the dead leave no files", left);
    }
    counters.look();
    Optional<Path> crash = crash();
    report.check(crash.isEmpty(), "no JVM crashes", crash);
  }

  private Optional<Path> crash() throws IOException {
    try (Stream<Path> files = Files.list(folders.root())) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("hs_err"))
          .findFirst();
    }
  }
}
