/** Components, tokens, counters, bounds, budget and limiter. */
// The allocator and the queue are built after this module, so that the compiler does not know them
// here.
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
  // The fence that the allocator revokes with too, and the event of waits, which a queue's are as
  // well.
  exports io.ullage.core.internal to
      io.ullage.alloc,
      io.ullage.spill;
}
