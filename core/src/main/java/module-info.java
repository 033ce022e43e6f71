/** Components, tokens, counters, bounds, budget and limiter. */
// The allocator is built after this module, so that the compiler does not know it here.
@SuppressWarnings("module")
module io.ullage.core {
  requires java.management;
  requires jdk.jfr;
  requires jdk.management;
  requires org.agrona;
  requires static transitive org.jspecify;

  exports io.ullage.core;
  exports io.ullage.core.bounds;
  exports io.ullage.core.limiter;
  // The fence that both revoke with.
  exports io.ullage.core.internal to
      io.ullage.alloc;
}
