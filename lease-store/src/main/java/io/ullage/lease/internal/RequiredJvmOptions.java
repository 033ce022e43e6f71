package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.util.ArrayList;
import java.util.List;

/** The JVM options without which Chronicle Map does not run. */
final class RequiredJvmOptions {
  private RequiredJvmOptions() {}

  /** Refuses to go on, naming exactly the options that are missing. */
  static void check() {
    List<String> missing = missing(RequiredJvmOptions.class.getModule());
    if (!missing.isEmpty()) {
      throw new LeaseStoreException(
          StoreFault.JVM_OPTIONS_MISSING,
          "the Chronicle Map lease store needs the JVM options: " + String.join(" ", missing));
    }
  }

  /** The options that are missing for a module that would use Chronicle Map. */
  static List<String> missing(Module user) {
    List<String> missing = new ArrayList<>();
    Module base = Object.class.getModule();
    if (!base.isExported("sun.nio.ch", user)) {
      missing.add("--add-exports java.base/sun.nio.ch=ALL-UNNAMED");
    }
    for (String opened : List.of("java.lang", "java.lang.reflect")) {
      if (!base.isOpen(opened, user)) {
        missing.add("--add-opens java.base/" + opened + "=ALL-UNNAMED");
      }
    }
    return missing;
  }
}
