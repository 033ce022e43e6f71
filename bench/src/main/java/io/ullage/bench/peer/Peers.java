package io.ullage.bench.peer;

/** Opens Ullage and its peers by the name that the benchmark parameter {@code impl} has. */
public final class Peers {
  /** The limit of peers that have one: never reached, but checked each time. */
  private static final long LIMIT_BYTES = 1L << 30;

  private Peers() {}

  /**
   * Opens a peer.
   *
   * @param largestByteSize the largest buffer that will be asked for
   * @param inFlight how many buffers will be held at once, at most
   * @throws IllegalArgumentException if there is no peer of that name
   */
  @SuppressWarnings(
      "unchecked") // A benchmark only hands a buffer back to the allocator that it came from.
  public static PeerAllocator<Object> open(String impl, long largestByteSize, int inFlight) {
    return (PeerAllocator<Object>) allocator(impl, largestByteSize, inFlight);
  }

  private static PeerAllocator<?> allocator(String impl, long largestByteSize, int inFlight) {
    return switch (impl) {
      case "ullage" -> new UllageAllocator();
      case "queue" -> new NoAllocator();
      case "ullage-netty" -> NettyAllocator.onUllage(LIMIT_BYTES);
      case "ullage-arrow" -> ArrowAllocator.onUllage(LIMIT_BYTES);
      case "netty-pooled" -> NettyAllocator.pooled();
      case "netty-adaptive" -> NettyAllocator.adaptive();
      case "arrow" -> new ArrowAllocator(LIMIT_BYTES);
      case "malloc" -> new MallocAllocator();
      case "unsafe" -> new UnsafeAllocator();
      case "slice-confined" -> new SliceConfinedAllocator(largestByteSize, inFlight);
      case "arena-confined" -> ArenaAllocator.confined();
      case "arena-shared" -> ArenaAllocator.shared();
      default ->
          throw new IllegalArgumentException(
              "impl is "
                  + impl
                  + "; allowed: ullage, ullage-netty, ullage-arrow, queue, netty-pooled,"
                  + " netty-adaptive, arrow, malloc, unsafe, slice-confined, arena-confined,"
                  + " arena-shared");
    };
  }
}
