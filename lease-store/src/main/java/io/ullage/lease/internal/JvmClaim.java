package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.util.Properties;

/**
 * Sees to it that one JVM opens one sidecar file once, whatever its class loaders: closing a second
 * channel on the file would drop the locks of the first, and others would take this process for
 * dead. System properties are the one table that all class loaders share, and take any object.
 */
final class JvmClaim implements AutoCloseable {
  private static final String PREFIX = "io.ullage.lease.open:";

  private final Properties table;
  private final String name;

  private JvmClaim(Properties table, String name) {
    this.table = table;
    this.name = name;
  }

  /** Claims a file by what {@link StoreFiles#identity} calls it. */
  static JvmClaim of(String fileIdentity, Object path) {
    Properties table = System.getProperties();
    String name = PREFIX + fileIdentity;
    Object other = table.putIfAbsent(name, String.valueOf(JvmClaim.class.getClassLoader()));
    if (other != null) {
      throw new LeaseStoreException(
          StoreFault.ALREADY_OPEN,
          "this JVM has the lease store "
              + path
              + " open already, under class loader "
              + other
              + "; share that store, several managers may use it");
    }
    return new JvmClaim(table, name);
  }

  @Override
  public void close() {
    table.remove(name);
  }
}
