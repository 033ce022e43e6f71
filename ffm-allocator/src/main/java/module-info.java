/** Attributed, bounded, safe memory segments at pooled prices. */
module io.ullage.alloc {
  requires transitive io.ullage.core;
  requires jdk.jfr;
  requires static org.jspecify;

  exports io.ullage.alloc;
}
