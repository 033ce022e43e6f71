package io.ullage.tool.doctor;

import io.ullage.core.bounds.BinarySize;
import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import io.ullage.tool.frame.UserFolder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at the places that Ullage keeps things in: this user's folder, spill files, leases. */
final class PlaceChecks {
  /** One segment file: with less a queue cannot spill at all. */
  private static final long FULL_BELOW_BYTES = 64L << 20;

  /** Two segment files, their spares, and room to get ahead: with less a queue soon stalls. */
  private static final long LEAST_SPILL_BYTES = 1L << 30;

  private static final Set<String> MEMORY_FILE_SYSTEMS = Set.of("tmpfs", "ramfs");

  private final UserFolder folder;
  private final Path spillDirectory;
  private final Path leaseStore;

  PlaceChecks(UserFolder folder, Path spillDirectory, Path leaseStore) {
    this.folder = folder;
    this.spillDirectory = spillDirectory;
    this.leaseStore = leaseStore;
  }

  List<Finding> run() throws IOException {
    return List.of(userFolder(), spillFolder(), leaseStore());
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
    Path existing = spillDirectory.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    FileStore store = Files.getFileStore(existing);
    long free = store.getUsableSpace();
    String detail =
        "%s, %s, %s free".formatted(spillDirectory, store.type(), BinarySize.format(free));
    if (free < FULL_BELOW_BYTES) {
      return Finding.toDo(
          "spill folder", detail + " (full)", "make room or name another with --spill-dir");
    }
    if (MEMORY_FILE_SYSTEMS.contains(store.type())) {
      return Finding.toDo(
          "spill folder", detail, "that is memory: set XDG_STATE_HOME or --spill-dir to a disk");
    }
    if (!Files.isWritable(existing)) {
      return Finding.toDo("spill folder", detail, "make " + existing + " writable for this user");
    }
    return free < LEAST_SPILL_BYTES
        ? Finding.toDo("spill folder", detail, "make room or name another with --spill-dir")
        : Finding.healthy("spill folder", detail);
  }

  /** Opens the store if there is one; looking must not make it. */
  private Finding leaseStore() {
    if (!Files.exists(leaseStore, LinkOption.NOFOLLOW_LINKS)) {
      return Finding.healthy("lease store", leaseStore + ", made when it is needed");
    }
    try (ChronicleLeaseStore store = ChronicleLeaseStore.openAcrossBoots(leaseStore)) {
      long held = store.list().stream().filter(lease -> lease.alive()).count();
      return Finding.healthy("lease store", leaseStore + ", " + held + " leases held");
    } catch (LeaseStoreException e) {
      return Finding.toDo(
          "lease store",
          leaseStore + " is " + e.fault().name().toLowerCase(Locale.ROOT),
          e.fault() == StoreFault.DAMAGED
              ? e.getMessage()
                  + "; when no program uses it any more, rm %s %s.*"
                      .formatted(leaseStore, leaseStore)
              : String.valueOf(e.getMessage()));
    }
  }
}
