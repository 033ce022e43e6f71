package io.ullage.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ullage.core.internal.ComponentTotals;
import io.ullage.core.internal.CounterFileLayout;
import io.ullage.core.internal.CounterKind;
import io.ullage.core.internal.ProcessIdentity;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.concurrent.status.CountersReader;

/**
 * Reads the counters of another process, alive or dead, from its counter file.
 *
 * <p>Thread-safe. It needs no JVM option, and it never writes. The file stays readable after the
 * process was killed.
 */
public final class CounterFileReader implements AutoCloseable {
  /**
   * A publication takes microseconds; a reader that met so many of them says that its figures are
   * not of one instant.
   */
  private static final int MAX_TRIES = 50;

  private static final VarHandle LONG = JAVA_LONG.varHandle();
  private static final VarHandle INT = JAVA_INT.varHandle();

  private final Path path;
  private final Arena arena;
  private final MemorySegment file;
  private final long metadataOffset;
  private final long valuesOffset;
  private final int counterCount;

  private CounterFileReader(Path path, Arena arena, MemorySegment file)
      throws CounterFileException {
    this.path = path;
    this.arena = arena;
    this.file = file;
    long magic = longAt(CounterFileLayout.MAGIC_OFFSET);
    if (magic != CounterFileLayout.MAGIC) {
      throw new CounterFileException(
          path + ": no counter file (magic " + Long.toHexString(magic) + ")");
    }
    int version = (int) INT.getAcquire(file, (long) CounterFileLayout.VERSION_OFFSET);
    if (version != CounterFileLayout.VERSION) {
      throw new CounterFileException(
          path
              + (version == 0
                  ? ": its writer has not finished it"
                  : ": layout version "
                      + version
                      + ", this reader knows "
                      + CounterFileLayout.VERSION));
    }
    metadataOffset = longAt(CounterFileLayout.METADATA_OFFSET_OFFSET);
    valuesOffset = longAt(CounterFileLayout.VALUES_OFFSET_OFFSET);
    long metadataLength = longAt(CounterFileLayout.METADATA_LENGTH_OFFSET);
    long valuesLength = longAt(CounterFileLayout.VALUES_LENGTH_OFFSET);
    long count = valuesLength / CountersReader.COUNTER_LENGTH;
    if (metadataOffset != CounterFileLayout.HEADER_LENGTH
        || count <= 0
        || valuesLength % CountersReader.COUNTER_LENGTH != 0
        || metadataLength != count * CountersReader.METADATA_LENGTH
        || valuesOffset != metadataOffset + metadataLength
        || valuesOffset + valuesLength != file.byteSize()) {
      throw new CounterFileException(
          path + ": damaged: its header does not fit its length of " + file.byteSize() + " bytes");
    }
    counterCount = (int) count;
  }

  /**
   * Opens a counter file.
   *
   * @param path the file; not a symbolic link
   * @return a reader, to be closed
   * @throws CounterFileException when it is not a counter file, of another version, unfinished or
   *     damaged
   * @throws IOException when it cannot be read at all
   */
  public static CounterFileReader open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      if (channel.size() < CounterFileLayout.HEADER_LENGTH) {
        throw new CounterFileException(
            path + ": no counter file: " + channel.size() + " bytes are less than a header");
      }
      return new CounterFileReader(
          path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    } catch (InternalError e) {
      arena.close();
      throw new CounterFileException(path + ": damaged: it was cut while it was read", e);
    }
  }

  /**
   * The process that writes the file.
   *
   * @return a pid
   */
  public long pid() {
    return longAt(CounterFileLayout.PID_OFFSET);
  }

  /**
   * Whether that process still runs. A later process with the same pid is told apart by its start
   * time.
   *
   * @return false when it has ended
   */
  public boolean alive() {
    return ProcessIdentity.isAlive(pid(), longAt(CounterFileLayout.START_MILLIS_OFFSET));
  }

  /**
   * All components in the file.
   *
   * @return an unmodifiable map from path to figures, sorted by path
   * @throws CounterFileException when the file was damaged since it was opened
   */
  public SortedMap<String, ComponentFigures> components() throws CounterFileException {
    return snapshot().components();
  }

  /**
   * The figures of one component.
   *
   * @param component its dotted name
   * @return empty when it is not in the file
   * @throws CounterFileException when the file was damaged since it was opened
   */
  public Optional<ComponentFigures> figures(String component) throws CounterFileException {
    return snapshot().figures(component);
  }

  /**
   * The figures of all components, as last written.
   *
   * @return a snapshot; not exact when the writer was at work all the time, or was killed while it
   *     was
   * @throws CounterFileException when the file was damaged since it was opened
   */
  public MemorySnapshot snapshot() throws CounterFileException {
    try {
      for (int i = 1; ; i++) {
        long before = (long) LONG.getAcquire(file, (long) CounterFileLayout.SEQUENCE_OFFSET);
        SortedMap<String, ComponentFigures> figures = read();
        // Orders the figures before the second look at the sequence.
        VarHandle.acquireFence();
        boolean exact = (before & 1) == 0 && before == longAt(CounterFileLayout.SEQUENCE_OFFSET);
        if (exact || i == MAX_TRIES) {
          return new MemorySnapshot(exact, figures);
        }
        Thread.onSpinWait();
      }
    } catch (InternalError e) {
      throw new CounterFileException(path + ": damaged: it was cut while it was read", e);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private SortedMap<String, ComponentFigures> read() {
    Map<Long, Row> rows = new HashMap<>();
    for (int id = 0; id < counterCount; id++) {
      long metadata = metadataOffset + CountersReader.metaDataOffset(id);
      int state = (int) INT.getAcquire(file, metadata);
      if (state == CountersReader.RECORD_UNUSED) {
        break;
      }
      int type = file.get(JAVA_INT, metadata + CountersReader.TYPE_ID_OFFSET);
      if (state != CountersReader.RECORD_ALLOCATED || type < 1 || type > CounterKind.COUNT) {
        continue;
      }
      long value = valuesOffset + CountersReader.counterOffset(id);
      String label = label(metadata + CountersReader.LABEL_OFFSET);
      long number = longAt(value + CountersReader.REGISTRATION_ID_OFFSET);
      rows.computeIfAbsent(number, n -> new Row(label)).values[type - 1] = longAt(value);
    }
    SortedMap<String, ComponentTotals.Entry> entries = new TreeMap<>();
    rows.values().forEach(row -> entries.put(row.path, row.entry()));
    return ComponentTotals.sum(entries);
  }

  private String label(long offset) {
    int length = Math.clamp(file.get(JAVA_INT, offset), 0, CountersReader.MAX_LABEL_LENGTH);
    byte[] bytes = new byte[length];
    MemorySegment.copy(file, JAVA_BYTE, offset + Integer.BYTES, bytes, 0, length);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private long longAt(long offset) {
    return file.get(ValueLayout.JAVA_LONG, offset);
  }

  /** The counters of one component while they are gathered. */
  private static final class Row {
    private final String path;
    private final long[] values = new long[CounterKind.COUNT];

    Row(String path) {
      this.path = path;
    }

    ComponentTotals.Entry entry() {
      return new ComponentTotals.Entry(
          value(CounterKind.LIMIT_BYTES),
          value(CounterKind.PEAK_RESERVED_BYTES),
          new MemoryFigures(
              value(CounterKind.RESERVED_BYTES),
              value(CounterKind.EXTERNAL_BYTES),
              value(CounterKind.ALLOCATED_BYTES),
              value(CounterKind.FREED_BYTES),
              value(CounterKind.ALLOCATIONS),
              value(CounterKind.FREES),
              value(CounterKind.REFUSALS),
              value(CounterKind.BACKPRESSURE_NANOS)));
    }

    private long value(CounterKind kind) {
      return values[kind.index()];
    }
  }
}
