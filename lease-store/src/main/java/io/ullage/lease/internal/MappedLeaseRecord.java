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

  /** All of the file: one object for all records, which a sweep over them finds in the cache. */
  private final MemorySegment memory;

  private final long at;

  /** A record of {@link RecordLayout#BYTES} bytes at a place in a file. */
  MappedLeaseRecord(MemorySegment memory, long at) {
    this.memory = memory;
    this.at = at;
  }

  /** The file that it is in. */
  MemorySegment memory() {
    return memory;
  }

  /** Where its word is in the file. */
  long place() {
    return at + RecordLayout.WORD;
  }

  /** Reads both ends of what operations touch, which may lie in two pages. */
  @Override
  public void touch() {
    long last = memory.get(LAYOUT, at + RecordLayout.KEY_LENGTH);
    if (last < 0) {
      throw impossible();
    }
    touchWord();
  }

  @Override
  public void touchWord() {
    long word = memory.get(LAYOUT, at + RecordLayout.WORD);
    if (word == Long.MIN_VALUE + 1) {
      throw impossible();
    }
  }

  /** No word looks like this and no key is that long, but neither read may be dropped. */
  private static IllegalStateException impossible() {
    return new IllegalStateException("impossible record");
  }

  @Override
  public long wordVolatile() {
    return (long) LONG.getVolatile(memory, at + RecordLayout.WORD);
  }

  @Override
  public boolean compareAndSetWord(long expected, long next) {
    return LONG.compareAndSet(memory, at + RecordLayout.WORD, expected, next);
  }

  @Override
  public long ownerVolatile() {
    return (long) LONG.getVolatile(memory, at + RecordLayout.OWNER);
  }

  @Override
  public boolean compareAndSetOwner(long expected, long next) {
    return LONG.compareAndSet(memory, at + RecordLayout.OWNER, expected, next);
  }

  @Override
  public long tokenVolatile() {
    return (long) LONG.getVolatile(memory, at + RecordLayout.TOKEN);
  }

  @Override
  public long incrementTokenVolatile() {
    return (long) LONG.getAndAdd(memory, at + RecordLayout.TOKEN, 1L) + 1;
  }

  @Override
  public long waiterOpaque() {
    return (long) LONG.getOpaque(memory, at + RecordLayout.WAITER);
  }

  @Override
  public void setWaiterOpaque(long waiter) {
    LONG.setOpaque(memory, at + RecordLayout.WAITER, waiter);
  }

  @Override
  public void describe(int generation, long acquiredAtMillis, String note) {
    LONG.setOpaque(memory, at + RecordLayout.DESCRIBED, 0L);
    // Whoever reads anything of what follows finds the description void, if it looks once more.
    VarHandle.storeStoreFence();
    memory.set(LAYOUT, at + RecordLayout.ACQUIRED_AT, acquiredAtMillis);
    int length = 0;
    if (!note.isEmpty()) {
      byte[] text = cut(note);
      length = text.length;
      MemorySegment.copy(
          text, 0, memory, ValueLayout.JAVA_BYTE, at + RecordLayout.NOTE, text.length);
    }
    memory.set(LAYOUT, at + RecordLayout.NOTE_LENGTH, length);
    LONG.setRelease(memory, at + RecordLayout.DESCRIBED, generation + 1L);
  }

  @Override
  public Description description(int generation) {
    if ((long) LONG.getAcquire(memory, at + RecordLayout.DESCRIBED) != generation + 1L) {
      return Description.UNKNOWN;
    }
    long acquiredAtMillis = memory.get(LAYOUT, at + RecordLayout.ACQUIRED_AT);
    long length = memory.get(LAYOUT, at + RecordLayout.NOTE_LENGTH);
    String note = text(RecordLayout.NOTE, Math.clamp(length, 0, RecordLayout.NOTE_BYTES));
    VarHandle.loadLoadFence();
    return (long) LONG.getOpaque(memory, at + RecordLayout.DESCRIBED) == generation + 1L
        ? new Description(acquiredAtMillis, note)
        : Description.UNKNOWN;
  }

  /** The key, as the record itself says. */
  String key() {
    long length = memory.get(LAYOUT, at + RecordLayout.KEY_LENGTH);
    return text(RecordLayout.KEY, Math.clamp(length, 0, RecordLayout.KEY_BYTES));
  }

  /** Lets others find the record. */
  void publish() {
    LONG.setRelease(memory, at + RecordLayout.MAGIC, RecordLayout.READY);
  }

  /** Keeps the word that the record had before it moved. */
  void saveWord(long word) {
    LONG.setVolatile(memory, at + RecordLayout.SAVED_WORD, word);
  }

  /** The word that the record had before it moved. */
  long savedWordVolatile() {
    return (long) LONG.getVolatile(memory, at + RecordLayout.SAVED_WORD);
  }

  /** Makes this record, which nobody else knows yet, what another was. */
  void copyFrom(MappedLeaseRecord other, long word) {
    MemorySegment.copy(
        other.memory,
        other.at + RecordLayout.OWNER,
        memory,
        at + RecordLayout.OWNER,
        RecordLayout.BYTES - RecordLayout.OWNER);
    LONG.setVolatile(memory, at + RecordLayout.WORD, word);
  }

  private String text(long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + offset, bytes, 0, length);
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
