package io.ullage.tool.lease;

import io.ullage.lease.LeaseStore;
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

  @Option(names = NAME, paramLabel = "PATH|URI", description = StoreLocation.DESCRIPTION)
  private @Nullable String store;

  /** Opens the store, making it if it is not there; one of an earlier boot is begun anew. */
  LeaseStore open(CommandSpec command) throws IOException {
    return StoreLocation.of(command, NAME, store).open(command, NAME);
  }

  /** Opens the store if it is there; whether one elsewhere is there shows when it is asked. */
  @Nullable LeaseStore openExisting(CommandSpec command) throws IOException {
    StoreLocation location = StoreLocation.of(command, NAME, store);
    Path file = location.file();
    boolean missing = file != null && Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    return missing ? null : location.open(command, NAME);
  }
}
