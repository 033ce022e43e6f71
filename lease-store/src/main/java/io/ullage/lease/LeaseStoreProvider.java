package io.ullage.lease;

import java.net.URI;

/**
 * Opens stores of one kind for {@link LeaseStores}; found by {@link java.util.ServiceLoader}, so
 * that a store becomes available by its jar on the class path.
 */
public interface LeaseStoreProvider {
  /**
   * The scheme of the URIs that it opens.
   *
   * @return for example {@code redis}
   */
  String scheme();

  /**
   * Opens a store.
   *
   * @param location a URI of that scheme
   * @return an open store
   * @throws IllegalArgumentException if the rest of the URI names no store
   * @throws LeaseStoreException if the store cannot be opened
   */
  LeaseStore open(URI location);
}
