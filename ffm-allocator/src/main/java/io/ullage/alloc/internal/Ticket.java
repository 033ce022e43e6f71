package io.ullage.alloc.internal;

/**
 * What a cache answers when it opens a slot, in one word: nothing has to be made for it.
 *
 * <pre>
 *   | address / 16 : 44 | sampled : 1 | entry : 19 |
 * </pre>
 *
 * <p>Addresses have at most 48 bits and are multiples of 16.
 */
public final class Ticket {
  private static final int ENTRY_BITS = 19;
  private static final int ADDRESS_SHIFT = ENTRY_BITS + 1;
  private static final int GRAIN_SHIFT = 4;
  private static final long SAMPLED = 1L << ENTRY_BITS;

  private Ticket() {}

  static long of(long address, int entry, boolean sampled) {
    return address << (ADDRESS_SHIFT - GRAIN_SHIFT) | (sampled ? SAMPLED : 0) | entry;
  }

  /** Where the slot begins. */
  public static long address(long ticket) {
    return ticket >>> ADDRESS_SHIFT << GRAIN_SHIFT;
  }

  /** Its entry in the ledger. */
  public static int entry(long ticket) {
    return (int) (ticket & (SAMPLED - 1));
  }

  /** Whether its site is to be recorded. */
  public static boolean isSampled(long ticket) {
    return (ticket & SAMPLED) != 0;
  }
}
