package io.ullage.tool.lease;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseStore;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.UserFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Mixed into commands that use a lease store. */
final class StoreOption {
  private static final String NAME = "--store";

  @Option(
      names = NAME,
      paramLabel = "PATH",
      description = "The lease store. Default: leases in this user's folder.")
  private @Nullable String store;

  /** Where the store is, or shall be. */
  private Path path(CommandSpec command) {
    String given = store;
    if (given == null) {
      return UserFolder.ofThisUser().leaseStore();
    }
    if (given.isEmpty() || given.indexOf('\0') >= 0) {
      throw BadValue.of(command, NAME, given, "is the path of a file");
    }
    if (given.contains("://")) {
      throw BadValue.of(command, NAME, given, "is the path of a file on this host");
    }
    return Path.of(given);
  }

  /** Opens the store, making it if it is not there; one of an earlier boot is begun anew. */
  LeaseStore open(CommandSpec command) throws IOException {
    Path path = path(command);
    if (store == null) {
      UserFolder.ofThisUser().prepare();
    }
    return ChronicleLeaseStore.openAcrossBoots(path);
  }

  /** Opens the store if it is there. */
  @Nullable LeaseStore openExisting(CommandSpec command) throws IOException {
    return Files.exists(path(command), LinkOption.NOFOLLOW_LINKS) ? open(command) : null;
  }
}
