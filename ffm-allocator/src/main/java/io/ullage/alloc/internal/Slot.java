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
 * <p>What changes is guarded by the bracket of the {@link SlotCache} that lists it. While none
 * does, it belongs to the one that took it, and is handed over with a {@link DetachedTenancy}.
 */
public final class Slot {
  /** Stands for the index of what no cache lists. */
  private static final int UNLISTED = -1;

  private final long address;
  private final @Nullable Rarity rarity;

  /** The stack it came from, or goes back to; none for a span. */
  private @Nullable Magazine magazine;

  /** Who is charged, or was last. */
  private @Nullable Tenant tenant;

  /** Which of several threads has it open; null in a cache of one thread. */
  private @Nullable Thread opener;

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

  /** The same slot, without what was out of the ordinary about it. */
  Slot ordinary() {
    return rarity == null ? this : of(address, magazine());
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

  /** Goes over to the magazine of another cache; a span has none to go to. */
  void setMagazine(Magazine magazine) {
    this.magazine = magazine;
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
    opener = null;
  }

  boolean isListed() {
    return index != UNLISTED;
  }
}
