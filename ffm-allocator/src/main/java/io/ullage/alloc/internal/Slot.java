package io.ullage.alloc.internal;

import io.ullage.core.Component;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one buffer, while a thread's cache has it at hand or a buffer over it is open: a
 * slot of a chunk, or a span of its own.
 *
 * <p>An ordinary slot goes from one buffer to the next without anything being made anew. One whose
 * buffer is out of the ordinary has a {@link Rarity} and serves that buffer alone; an ordinary slot
 * never becomes such a one, so whoever still holds a handle to an ended buffer sees nothing of the
 * next one's.
 *
 * <p>Memory goes from cache to cache, a slot does not: its neighbours in the heap belong to the
 * same thread, as a rule, and threads that wrote to one cache line, or dirtied one card, in turn
 * would wait for each other. What changes is guarded by the bracket of the cache that lists it.
 */
public final class Slot {
  /** Stands for the index of what no cache lists. */
  private static final int UNLISTED = -1;

  private long address;
  private final @Nullable Rarity rarity;

  /** The stack it came from, and goes back to; none for a span. */
  private final @Nullable Magazine magazine;

  /** Who is charged, or was last. */
  private @Nullable Tenant tenant;

  /** Which of several threads has it open; null in a cache of one thread. */
  private @Nullable Thread opener;

  /** The scope that the last unguarded block over this memory had; only while at hand. */
  private @Nullable BlockView view;

  private int index = UNLISTED;

  private Slot(long address, @Nullable Magazine magazine, @Nullable Rarity rarity) {
    this.address = address;
    this.magazine = magazine;
    this.rarity = rarity;
  }

  /** An ordinary slot. */
  static Slot of(long address, Magazine magazine) {
    return new Slot(address, magazine, null);
  }

  /** A span, or an arena of the JDK's. */
  public static Slot ofSpan(Span span, @Nullable AllocationSite site) {
    return new Slot(span.address(), null, new Rarity(new SlotHold(span, site, null)));
  }

  /** The same memory, for one buffer that is out of the ordinary; not listed yet. */
  public Slot rare(SlotHold hold) {
    Slot rare = new Slot(address, magazine, new Rarity(hold));
    rare.tenant = tenant;
    return rare;
  }

  /** The same memory for the next buffer over it; not listed yet. */
  public Slot next() {
    return rarity == null ? this : rare(rarity.hold());
  }

  /** An ordinary slot of a magazine over the same memory; this one, if it is one. */
  Slot ordinaryIn(Magazine home) {
    return rarity == null && magazine == home ? this : of(address, home);
  }

  /** A slot of a magazine over the same memory, as ordinary as this one. */
  Slot inMagazine(Magazine home) {
    return magazine == home ? this : new Slot(address, home, rarity);
  }

  /** The same memory as a detached handle keeps it: no cache lists it. */
  public Slot detached() {
    return rarity == null ? new Slot(address, magazine, null) : this;
  }

  /** Stands for other memory of the same size from now on. */
  void fill(long address) {
    this.address = address;
    view = null;
  }

  /** Keeps the view that a block over this memory had. */
  void setView(BlockView view) {
    this.view = view;
  }

  /** Gives the view away, for a block; makes it if there is none. */
  BlockView takeView() {
    BlockView taken = view;
    view = null;
    return taken == null ? new BlockView(detached()) : taken;
  }

  /** Where it begins; 0 for an arena of the JDK's. */
  public long address() {
    return address;
  }

  /** What is out of the ordinary about its buffer. */
  public @Nullable Rarity rarity() {
    return rarity;
  }

  /** What the buffer shares with its slices, and more that is out of the ordinary. */
  public @Nullable SlotHold hold() {
    return rarity == null ? null : rarity.hold();
  }

  /** The component that is charged, and its threads' cache; none while it has only been filled. */
  @Nullable Tenant lastTenant() {
    return tenant;
  }

  /** The component that is charged, and its threads' cache. */
  public Tenant tenant() {
    return Objects.requireNonNull(tenant);
  }

  /** Who is charged. */
  public Component component() {
    return tenant().component();
  }

  /** What is charged, whether it is a slot or a span. */
  public long chargedBytes() {
    Span span = span();
    return span == null ? magazine().slotBytes() : span.byteSize();
  }

  /** The span, or the arena of the JDK's, if it is not a slot of a chunk. */
  public @Nullable Span span() {
    return rarity == null ? null : rarity.hold().span();
  }

  /** Ends an ordinary slot's use: gives it back and discharges it. */
  public void close() {
    Tenant charged = tenant();
    Magazine home = magazine();
    charged.cache().close(this, home);
    charged.account().discharge(home.slotBytes());
  }

  Magazine magazine() {
    return Objects.requireNonNull(magazine);
  }

  /** Whether it is a slot of a chunk. */
  boolean isOfChunk() {
    return magazine != null;
  }

  /** Names who is charged; most of the time it is whoever was before. */
  void setTenant(Tenant tenant) {
    if (this.tenant != tenant) {
      this.tenant = tenant;
    }
  }

  @Nullable Thread opener() {
    return opener;
  }

  void setOpener(@Nullable Thread opener) {
    this.opener = opener;
  }

  int index() {
    return index;
  }

  void setIndex(int index) {
    this.index = index;
  }

  void unlist() {
    index = UNLISTED;
    if (opener != null) {
      opener = null;
    }
  }

  boolean isListed() {
    return index != UNLISTED;
  }
}
