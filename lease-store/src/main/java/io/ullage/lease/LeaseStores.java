package io.ullage.lease;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Opens stores by URI: {@code file:/path/of/the/store} is a {@link ChronicleLeaseStore}; other
 * schemes are those of the {@link LeaseStoreProvider}s on the class path. Thread-safe.
 */
public final class LeaseStores {
  private static final String FILE = "file";

  private LeaseStores() {}

  /**
   * Opens a store; one on this host is made if it is not there, and begun anew if it is of an
   * earlier boot.
   *
   * @param location where it is
   * @return an open store
   * @throws IllegalArgumentException if nothing on the class path knows the scheme; says which are
   *     known
   * @throws LeaseStoreException if the store cannot be opened
   */
  public static LeaseStore open(URI location) {
    String scheme = location.getScheme();
    if (FILE.equalsIgnoreCase(scheme)) {
      return ChronicleLeaseStore.openAcrossBoots(Path.of(location));
    }
    for (LeaseStoreProvider provider : ServiceLoader.load(LeaseStoreProvider.class)) {
      if (provider.scheme().equalsIgnoreCase(scheme)) {
        return provider.open(location);
      }
    }
    throw new IllegalArgumentException(
        "location: "
            + withoutCredentials(location)
            + "; allowed: URIs of the schemes "
            + String.join(", ", schemes()));
  }

  /**
   * A URI as it may be shown: what stands before its host, which may have a password in it, is
   * replaced by dots.
   *
   * @param location a URI
   * @return its text without credentials
   */
  public static String withoutCredentials(URI location) {
    return location.toString().replaceFirst("://.*@", "://...@");
  }

  /**
   * The schemes of the URIs that {@link #open} takes, which no upper or lower case tells apart.
   *
   * @return an immutable set, in order
   */
  public static SortedSet<String> schemes() {
    TreeSet<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.add(FILE);
    ServiceLoader.load(LeaseStoreProvider.class).forEach(provider -> known.add(provider.scheme()));
    return Collections.unmodifiableSortedSet(known);
  }
}
