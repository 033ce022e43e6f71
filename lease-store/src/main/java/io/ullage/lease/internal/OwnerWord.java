package io.ullage.lease.internal;

/**
 * Who owns a generation of a record, in one word, so that a process that slept while it was writing
 * cannot put its name under somebody else's generation.
 *
 * <pre>
 *  63                42 41            30 29                            0
 * +--------------------+----------------+-------------------------------+
 * |     generation     |  process slot  |     incarnation of the slot   |
 * +--------------------+----------------+-------------------------------+
 * </pre>
 *
 * <p>The rest (pid, namespace, start time) stands in the slot, which no other process can have
 * while the owner lives. Only {@link RecordProtocol} writes this word, by compare-and-set.
 */
public final class OwnerWord {
  /** How many processes can have one store open: what 12 bits name. */
  public static final int SLOTS = 1 << 12;

  private static final int INCARNATION_BITS = 30;
  private static final int SLOT_BITS = 12;

  /** The greatest incarnation of a slot; after it comes 1. */
  public static final int INCARNATION_MASK = (1 << INCARNATION_BITS) - 1;

  private OwnerWord() {}

  /**
   * Names a process: the low bits of an owner word.
   *
   * @param slot its slot
   * @param incarnation the incarnation of the slot, at least 1
   * @return the process
   */
  public static long process(int slot, int incarnation) {
    return ((long) slot << INCARNATION_BITS) | (incarnation & INCARNATION_MASK);
  }

  static long of(int generation, long process) {
    return ((long) (generation & LeaseWord.GENERATION_MASK) << (INCARNATION_BITS + SLOT_BITS))
        | process;
  }

  static int generation(long owner) {
    return (int) (owner >>> (INCARNATION_BITS + SLOT_BITS));
  }

  static long process(long owner) {
    return owner & ((1L << (INCARNATION_BITS + SLOT_BITS)) - 1);
  }

  /**
   * The slot of a process.
   *
   * @param process from {@link #process(int, int)}
   * @return its slot
   */
  public static int slot(long process) {
    return (int) (process >>> INCARNATION_BITS) & (SLOTS - 1);
  }

  /**
   * The incarnation of a process' slot.
   *
   * @param process from {@link #process(int, int)}
   * @return its incarnation
   */
  public static int incarnation(long process) {
    return (int) process & INCARNATION_MASK;
  }
}
