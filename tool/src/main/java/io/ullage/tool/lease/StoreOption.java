package io.ullage.tool.lease;

import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStores;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.UserFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Mixed into commands that use a lease store. */
final class StoreOption {
  private static final String NAME = "--store";
  private static final String ALLOWED = "is the path of a file, or a URI whose scheme is known";

  /** Two characters at least, and what no path of ours begins with. */
  private static final Pattern URI_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/");

  @Option(
      names = NAME,
      paramLabel = "PATH|URI",
      description = "The lease store, a path or a URI. Default: leases in this user's folder.")
  private @Nullable String store;

  /** Where the store is, or shall be. */
  private URI location(CommandSpec command) {
    String given = store;
    if (given == null) {
      return UserFolder.ofThisUser().leaseStore().toUri();
    }
    if (given.isEmpty() || given.indexOf('\0') >= 0) {
      throw BadValue.of(command, NAME, given, ALLOWED);
    }
    if (!URI_SCHEME.matcher(given).lookingAt()) {
      return Path.of(given).toUri();
    }
    try {
      return new URI(given);
    } catch (URISyntaxException e) {
      throw BadValue.of(command, NAME, given, ALLOWED);
    }
  }

  /** Opens the store, making it if it is not there; one of an earlier boot is begun anew. */
  LeaseStore open(CommandSpec command) throws IOException {
    URI location = location(command);
    if (store == null) {
      UserFolder.ofThisUser().prepare();
    }
    try {
      return LeaseStores.open(location);
    } catch (IllegalArgumentException e) {
      throw BadValue.of(command, NAME, location.toString(), ALLOWED + " (" + e.getMessage() + ")");
    }
  }

  /** Opens the store if it is there; whether one elsewhere is there shows when it is asked. */
  @Nullable LeaseStore openExisting(CommandSpec command) throws IOException {
    URI location = location(command);
    boolean missing =
        "file".equals(location.getScheme())
            && Files.notExists(Path.of(location), LinkOption.NOFOLLOW_LINKS);
    return missing ? null : open(command);
  }
}
