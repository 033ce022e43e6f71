/** A Netty allocator whose direct buffers are charged to components. */
module io.ullage.netty {
  requires transitive io.netty.buffer;
  requires transitive io.ullage.alloc;
  requires static org.jspecify;

  exports io.ullage.netty;
}
