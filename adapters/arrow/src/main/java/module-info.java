/** An Arrow allocation manager whose memory is charged to components. */
module io.ullage.arrow {
  requires transitive io.ullage.alloc;
  requires transitive org.apache.arrow.memory.core;
  requires static org.jspecify;

  exports io.ullage.arrow;
}
