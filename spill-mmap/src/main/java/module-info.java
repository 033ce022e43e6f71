/** A FIFO queue that spills to memory-mapped files and prefetches back. */
module io.ullage.spill {
  requires jdk.jfr;
  requires transitive io.ullage.alloc;
  requires static org.jspecify;

  exports io.ullage.spill;
}
