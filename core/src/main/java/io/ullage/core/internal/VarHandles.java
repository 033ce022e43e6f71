package io.ullage.core.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Finds the handles of fields when a class is initialised. */
final class VarHandles {
  private VarHandles() {}

  /** The handle of a field of type long in the class that looks it up. */
  static VarHandle longField(MethodHandles.Lookup lookup, String name) {
    return field(lookup, name, long.class);
  }

  /** The handle of a field of type int in the class that looks it up. */
  static VarHandle intField(MethodHandles.Lookup lookup, String name) {
    return field(lookup, name, int.class);
  }

  private static VarHandle field(MethodHandles.Lookup lookup, String name, Class<?> type) {
    try {
      return lookup.findVarHandle(lookup.lookupClass(), name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
