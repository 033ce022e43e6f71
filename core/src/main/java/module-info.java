/** Components, tokens, counters, bounds, budget and limiter. */
module io.ullage.core {
  requires java.management;
  requires jdk.jfr;
  requires jdk.management;
  requires org.agrona;
  requires static transitive org.jspecify;

  exports io.ullage.core;
  exports io.ullage.core.bounds;
  exports io.ullage.core.limiter;
}
