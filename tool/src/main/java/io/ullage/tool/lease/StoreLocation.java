package io.ullage.tool.lease;

import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStores;
import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.UserFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where the lease store of a command is: the value of an option that takes a path or a URI, or the
 * store in this user's folder. Making one checks the value and creates nothing.
 *
 * @param uri where it is
 * @param isDefault whether it is the one in this user's folder
 */
public record StoreLocation(URI uri, boolean isDefault) {
  /** What an option that takes one may say of itself. */
  public static final String DESCRIPTION =
      "The lease store: a path, or a URI of a store that is elsewhere; one whose scheme nothing"
          + " knows is refused with those that are known. Default: leases in this user's folder.";

  private static final String SCHEMES = "is a path, or a URI of the schemes ";

  /** Two characters at least, and what no path of ours begins with. */
  private static final Pattern URI_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/");

  /**
   * Reads an option's value.
   *
   * @param command the command, for the refusal
   * @param option the option's name, for the refusal
   * @param given its value, or null
   * @return the location
   */
  public static StoreLocation of(CommandSpec command, String option, @Nullable String given) {
    if (given == null) {
      return new StoreLocation(UserFolder.ofThisUser().leaseStore().toUri(), true);
    }
    if (given.isEmpty() || given.indexOf('\0') >= 0) {
      throw bad(command, option, given);
    }
    if (!URI_SCHEME.matcher(given).lookingAt()) {
      return new StoreLocation(Path.of(given).toUri(), false);
    }
    URI uri;
    try {
      uri = new URI(given);
    } catch (URISyntaxException e) {
      throw bad(command, option, given);
    }
    StoreLocation location = new StoreLocation(uri, false);
    if (!LeaseStores.schemes().contains(uri.getScheme())) {
      throw bad(command, option, given);
    }
    try {
      location.file();
    } catch (IllegalArgumentException e) {
      throw BadValue.of(command, option, shown(given), "is file:/PATH: " + e.getMessage());
    }
    return location;
  }

  private static RuntimeException bad(CommandSpec command, String option, String given) {
    return BadValue.of(
        command, option, shown(given), SCHEMES + String.join(", ", LeaseStores.schemes()));
  }

  /** A password in it is nobody's business. */
  private static String shown(String given) {
    return given.replaceFirst("://.*@", "://...@");
  }

  /** The file, if it is a store on this host. */
  @Nullable Path file() {
    return "file".equalsIgnoreCase(uri.getScheme()) ? Path.of(uri) : null;
  }

  /**
   * Opens the store; one on this host is made if it is not there, and begun anew if it is of an
   * earlier boot.
   *
   * @param command the command, for the refusal
   * @param option the option's name, for the refusal
   * @return an open store
   */
  public LeaseStore open(CommandSpec command, String option) throws IOException {
    if (isDefault) {
      UserFolder.ofThisUser().prepare();
    }
    try {
      return LeaseStores.open(uri);
    } catch (IllegalArgumentException e) {
      throw BadValue.of(
          command,
          option,
          LeaseStores.withoutCredentials(uri),
          "is what its store takes: " + e.getMessage());
    }
  }
}
