package io.ullage.tool.doctor;

import io.ullage.core.bounds.BinarySize;
import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseStoreException;
import io.ullage.tool.frame.UserFolder;
import io.ullage.tool.top.CounterFiles;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks at the places that Ullage uses on this host. */
final class PlaceChecks {
  /** What the default counter file and some arenas of the kernel take. */
  private static final long LEAST_SHARED_MEMORY_BYTES = 8L << 20;

  /** Two segment files and their spares: below that a queue stalls as soon as it spills. */
  private static final long LEAST_SPILL_BYTES = 1L << 30;

  private static final Set<String> MEMORY_FILE_SYSTEMS = Set.of("tmpfs", "ramfs");

  private final UserFolder folder;

  PlaceChecks(UserFolder folder) {
    this.folder = folder;
  }

  List<Finding> run() throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(sharedMemory());
    findings.addAll(deadCounterFiles());
    findings.add(userFolder());
    findings.add(spillFolder());
    findings.add(leaseStore());
    return findings;
  }

  private static Finding sharedMemory() throws IOException {
    Path counters = CounterFiles.folders().getFirst();
    long free = Files.getFileStore(counters).getUsableSpace();
    String detail = BinarySize.format(free) + " free in " + counters;
    return free >= LEAST_SHARED_MEMORY_BYTES
        ? Finding.healthy("counter folder", detail)
        : Finding.toDo(
            "counter folder",
            detail,
            "make room for " + BinarySize.format(LEAST_SHARED_MEMORY_BYTES));
  }

  private static List<Finding> deadCounterFiles() throws IOException {
    List<Finding> findings = new ArrayList<>();
    int alive = 0;
    for (Path file : CounterFiles.all()) {
      boolean runs = CounterFiles.read(file).map(figures -> figures.alive()).orElse(false);
      if (runs) {
        alive++;
      } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        findings.add(
            Finding.toDo("stale file", file + " belongs to no running program", "rm " + file));
      }
    }
    findings.addFirst(Finding.healthy("programs", alive + " with counters now"));
    return findings;
  }

  private Finding userFolder() {
    Path path = folder.path();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Finding.healthy("folder", path + ", made when it is needed");
    }
    try {
      folder.prepare();
      return Finding.healthy("folder", path + ", private");
    } catch (IOException e) {
      return Finding.toDo("folder", String.valueOf(e.getMessage()), "make it a folder of your own");
    }
  }

  private Finding spillFolder() throws IOException {
    Path existing = folder.spillDirectory().toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    FileStore store = Files.getFileStore(existing);
    String detail =
        "%s, %s, %s free"
            .formatted(
                folder.spillDirectory(), store.type(), BinarySize.format(store.getUsableSpace()));
    if (MEMORY_FILE_SYSTEMS.contains(store.type())) {
      return Finding.toDo(
          "spill folder", detail, "that is memory: set XDG_STATE_HOME or --spill-dir to a disk");
    }
    if (store.getUsableSpace() < LEAST_SPILL_BYTES) {
      return Finding.toDo("spill folder", detail, "make room or use another with --spill-dir");
    }
    return Finding.healthy("spill folder", detail);
  }

  /** Opens the store if there is one; looking must not make it. */
  private Finding leaseStore() {
    Path path = folder.leaseStore();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Finding.healthy("lease store", path + ", made when it is needed");
    }
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(path)) {
      long held = store.list().stream().filter(lease -> lease.alive()).count();
      return Finding.healthy("lease store", path + ", " + held + " leases held");
    } catch (LeaseStoreException e) {
      return Finding.toDo("lease store", path + ": " + e.fault(), String.valueOf(e.getMessage()));
    }
  }
}
