package io.ullage.lease.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A record in a mapped generation file, at an address that never changes.
 *
 * <p>If the file was cut short under the mapping, a compare-and-set on the missing page would kill
 * the JVM, while a plain read throws {@link InternalError}. So every operation begins with plain
 * reads of the record; what remains is a file that is cut between two instructions, by somebody who
 * may write to a file of mode 0600.
 */
final class MappedLeaseRecord implements LeaseRecord {
  private static final ValueLayout.OfLong LAYOUT =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = LAYOUT.varHandle();

  private final MemorySegment memory;

  /** A record over its {@link RecordLayout#BYTES} bytes. */
  MappedLeaseRecord(MemorySegment memory) {
    this.memory = memory;
  }

  /** Reads both ends of what operations touch, which may lie in two pages. */
  @Override
  public void touch() {
    long first = memory.get(LAYOUT, RecordLayout.WORD);
    long last = memory.get(LAYOUT, RecordLayout.KEY_LENGTH);
    if (first == Long.MIN_VALUE + 1 || last < 0) {
      // No word looks like this and no key is that long, but neither read may be dropped.
      throw new IllegalStateException("impossible record");
    }
  }

  @Override
  public long wordVolatile() {
    return (long) LONG.getVolatile(memory, (long) RecordLayout.WORD);
  }

  @Override
  public boolean compareAndSetWord(long expected, long next) {
    return LONG.compareAndSet(memory, (long) RecordLayout.WORD, expected, next);
  }

  @Override
  public long ownerVolatile() {
    return (long) LONG.getVolatile(memory, (long) RecordLayout.OWNER);
  }

  @Override
  public boolean compareAndSetOwner(long expected, long next) {
    return LONG.compareAndSet(memory, (long) RecordLayout.OWNER, expected, next);
  }

  @Override
  public long tokenVolatile() {
    return (long) LONG.getVolatile(memory, (long) RecordLayout.TOKEN);
  }

  @Override
  public long incrementTokenVolatile() {
    return (long) LONG.getAndAdd(memory, (long) RecordLayout.TOKEN, 1L) + 1;
  }

  @Override
  public long waiterOpaque() {
    return (long) LONG.getOpaque(memory, (long) RecordLayout.WAITER);
  }

  @Override
  public void setWaiterOpaque(long waiter) {
    LONG.setOpaque(memory, (long) RecordLayout.WAITER, waiter);
  }

  @Override
  public void describe(int generation, long acquiredAtMillis, String note) {
    LONG.setOpaque(memory, (long) RecordLayout.DESCRIBED, 0L);
    // Whoever reads anything of what follows finds the description void, if it looks once more.
    VarHandle.storeStoreFence();
    memory.set(LAYOUT, RecordLayout.ACQUIRED_AT, acquiredAtMillis);
    int length = 0;
    if (!note.isEmpty()) {
      byte[] text = cut(note);
      length = text.length;
      MemorySegment.copy(text, 0, memory, ValueLayout.JAVA_BYTE, RecordLayout.NOTE, text.length);
    }
    memory.set(LAYOUT, RecordLayout.NOTE_LENGTH, length);
    LONG.setRelease(memory, (long) RecordLayout.DESCRIBED, generation + 1L);
  }

  @Override
  public Description description(int generation) {
    if ((long) LONG.getAcquire(memory, (long) RecordLayout.DESCRIBED) != generation + 1L) {
      return Description.UNKNOWN;
    }
    long acquiredAtMillis = memory.get(LAYOUT, RecordLayout.ACQUIRED_AT);
    long length = memory.get(LAYOUT, RecordLayout.NOTE_LENGTH);
    String note = text(RecordLayout.NOTE, Math.clamp(length, 0, RecordLayout.NOTE_BYTES));
    VarHandle.loadLoadFence();
    return (long) LONG.getOpaque(memory, (long) RecordLayout.DESCRIBED) == generation + 1L
        ? new Description(acquiredAtMillis, note)
        : Description.UNKNOWN;
  }

  /** The key, as the record itself says. */
  String key() {
    long length = memory.get(LAYOUT, RecordLayout.KEY_LENGTH);
    return text(RecordLayout.KEY, Math.clamp(length, 0, RecordLayout.KEY_BYTES));
  }

  /** Lets others find the record. */
  void publish() {
    LONG.setRelease(memory, (long) RecordLayout.MAGIC, RecordLayout.READY);
  }

  /** Keeps the word that the record had before it moved. */
  void saveWord(long word) {
    LONG.setVolatile(memory, (long) RecordLayout.SAVED_WORD, word);
  }

  /** The word that the record had before it moved. */
  long savedWordVolatile() {
    return (long) LONG.getVolatile(memory, (long) RecordLayout.SAVED_WORD);
  }

  /** Makes this record, which nobody else knows yet, what another was. */
  void copyFrom(MappedLeaseRecord other, long word) {
    MemorySegment.copy(
        other.memory,
        RecordLayout.OWNER,
        memory,
        RecordLayout.OWNER,
        RecordLayout.BYTES - RecordLayout.OWNER);
    LONG.setVolatile(memory, (long) RecordLayout.WORD, word);
  }

  private String text(long at, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] cut(String note) {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= RecordLayout.NOTE_BYTES) {
      return bytes;
    }
    int end = RecordLayout.NOTE_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return java.util.Arrays.copyOf(bytes, end);
  }
}
