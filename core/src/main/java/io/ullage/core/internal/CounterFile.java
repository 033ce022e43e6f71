package io.ullage.core.internal;

import io.ullage.core.ComponentFigures;
import io.ullage.core.MemoryFigures;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.jspecify.annotations.Nullable;

/**
 * The writer's side of a counter file; see {@link CounterFileLayout}.
 *
 * <p>Nothing but {@link #publish} touches the mapping, and it excludes {@link #close}: no thread
 * can meet an unmapped page. Every page is allocated by channel writes before it is mapped, because
 * a missing page kills the JVM.
 */
public final class CounterFile implements AutoCloseable {
  /**
   * A freed counter is not given to another component for so long: readers that poll every second
   * see it go.
   */
  private static final long REUSE_TIMEOUT_MILLIS = 10_000;

  /** A file for fewer components is not worth having. */
  private static final int MIN_COMPONENTS = 16;

  private static final int MAX_FILES_OF_ONE_PROCESS = 1_000;
  private static final int WRITE_BYTES = 64 * 1024;

  private final Path path;
  private final System.Logger logger;
  private final Arena arena = Arena.ofShared();
  private final UnsafeBuffer header;
  private final CountersManager counters;
  private final Map<String, int[]> idsByPath = new HashMap<>();
  private long nextNumber = 1;
  private boolean saidFull;
  private boolean closed;

  private CounterFile(Path path, FileChannel channel, int components, System.Logger logger)
      throws IOException {
    this.path = path;
    this.logger = logger;
    int metadataLength = CounterFileLayout.metadataLength(components);
    int valuesLength = CounterFileLayout.valuesLength(components);
    MemorySegment file =
        channel.map(
            FileChannel.MapMode.READ_WRITE, 0, CounterFileLayout.fileLength(components), arena);
    ByteBuffer bytes = file.asByteBuffer();
    int valuesOffset = CounterFileLayout.HEADER_LENGTH + metadataLength;
    header = new UnsafeBuffer(bytes, 0, CounterFileLayout.HEADER_LENGTH);
    counters =
        new CountersManager(
            new UnsafeBuffer(bytes, CounterFileLayout.HEADER_LENGTH, metadataLength),
            new UnsafeBuffer(bytes, valuesOffset, valuesLength),
            StandardCharsets.US_ASCII,
            SystemEpochClock.INSTANCE,
            REUSE_TIMEOUT_MILLIS);
    header.putLong(CounterFileLayout.MAGIC_OFFSET, CounterFileLayout.MAGIC);
    header.putInt(CounterFileLayout.HEADER_LENGTH_OFFSET, CounterFileLayout.HEADER_LENGTH);
    header.putLong(CounterFileLayout.PID_OFFSET, ProcessHandle.current().pid());
    header.putLong(
        CounterFileLayout.START_MILLIS_OFFSET,
        ProcessIdentity.startMillis(ProcessHandle.current()));
    header.putLong(CounterFileLayout.METADATA_OFFSET_OFFSET, CounterFileLayout.HEADER_LENGTH);
    header.putLong(CounterFileLayout.METADATA_LENGTH_OFFSET, metadataLength);
    header.putLong(CounterFileLayout.VALUES_OFFSET_OFFSET, valuesOffset);
    header.putLong(CounterFileLayout.VALUES_LENGTH_OFFSET, valuesLength);
    header.putIntRelease(CounterFileLayout.VERSION_OFFSET, CounterFileLayout.VERSION);
  }

  /** Whether Agrona may reach the JDK class that it needs: a JVM option decides. */
  public static boolean isSupported() {
    return Object.class.getModule().isOpen("jdk.internal.misc", UnsafeBuffer.class.getModule());
  }

  /**
   * Makes a file with a free name in a directory; null, after one warning, when it cannot be had.
   */
  public static @Nullable CounterFile createIn(
      Path directory, int components, System.Logger logger) {
    long pid = ProcessHandle.current().pid();
    for (int n = 0; n < MAX_FILES_OF_ONE_PROCESS; n++) {
      Path file = directory.resolve("ullage-" + pid + "-" + n + ".counters");
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        try {
          return tryCreate(file, components, logger);
        } catch (FileAlreadyExistsException e) {
          // Somebody else was faster: the next name.
        } catch (IOException e) {
          warnNone(logger, file, e);
          return null;
        }
      }
    }
    logger.log(Level.WARNING, "no counter file: all names are taken in " + directory);
    return null;
  }

  /** Makes a file at a path; null, after one warning, when it cannot be had. */
  public static @Nullable CounterFile create(Path file, int components, System.Logger logger) {
    try {
      return tryCreate(file, components, logger);
    } catch (IOException e) {
      warnNone(logger, file, e);
      return null;
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Writes the figures of all components; those that are not among them are removed. */
  public synchronized void publish(Collection<ComponentFigures> components) {
    if (closed) {
      return;
    }
    long sequence = header.getLong(CounterFileLayout.SEQUENCE_OFFSET);
    header.putLong(CounterFileLayout.SEQUENCE_OFFSET, sequence + 1);
    // Orders the odd sequence before all that follows.
    VarHandle.storeStoreFence();
    Map<String, int[]> gone = new HashMap<>(idsByPath);
    for (ComponentFigures component : components) {
      gone.remove(component.path());
      int[] ids = idsByPath.get(component.path());
      if (ids == null) {
        ids = allocate(component.path());
      }
      if (ids != null) {
        write(ids, component);
      }
    }
    gone.forEach(this::free);
    header.putLong(CounterFileLayout.PUBLISHED_MILLIS_OFFSET, System.currentTimeMillis());
    header.putLongRelease(CounterFileLayout.SEQUENCE_OFFSET, sequence + 2);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    arena.close();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      logger.log(Level.WARNING, "counter file " + path + " could not be removed: " + e);
    }
  }

  private int @Nullable [] allocate(String componentPath) {
    // available() is what is certain; freed counters become available again after the timeout.
    if (counters.available() < CounterKind.COUNT) {
      if (!saidFull) {
        saidFull = true;
        logger.log(
            Level.WARNING,
            "counter file "
                + path
                + " is full: component "
                + componentPath
                + " and later ones are not in it");
      }
      return null;
    }
    long number = nextNumber++;
    int[] ids = new int[CounterKind.COUNT];
    for (CounterKind kind : CounterKind.values()) {
      int id = counters.allocate(componentPath, kind.typeId());
      counters.setCounterRegistrationId(id, number);
      ids[kind.index()] = id;
    }
    idsByPath.put(componentPath, ids);
    return ids;
  }

  private void free(String componentPath, int[] ids) {
    for (int id : ids) {
      counters.free(id);
    }
    idsByPath.remove(componentPath);
  }

  private void write(int[] ids, ComponentFigures component) {
    MemoryFigures own = component.own();
    set(ids, CounterKind.RESERVED_BYTES, own.reservedBytes());
    set(ids, CounterKind.EXTERNAL_BYTES, own.externalBytes());
    set(ids, CounterKind.LIMIT_BYTES, component.limitBytes());
    set(ids, CounterKind.PEAK_RESERVED_BYTES, component.peakReservedBytes());
    set(ids, CounterKind.ALLOCATED_BYTES, own.allocatedBytes());
    set(ids, CounterKind.FREED_BYTES, own.freedBytes());
    set(ids, CounterKind.ALLOCATIONS, own.allocations());
    set(ids, CounterKind.FREES, own.frees());
    set(ids, CounterKind.REFUSALS, own.refusals());
    set(ids, CounterKind.BACKPRESSURE_NANOS, own.backpressureNanos());
  }

  private void set(int[] ids, CounterKind kind, long value) {
    counters.setCounterValue(ids[kind.index()], value);
  }

  private static CounterFile tryCreate(Path file, int components, System.Logger logger)
      throws IOException {
    Set<OpenOption> options =
        Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            LinkOption.NOFOLLOW_LINKS);
    try (FileChannel channel = FileChannel.open(file, options, privateToUser(file))) {
      try {
        int fitting = allocateSpace(channel, components);
        if (fitting < components) {
          logger.log(
              Level.WARNING,
              "counter file "
                  + file
                  + ": no space for "
                  + components
                  + " components, it has "
                  + fitting);
        }
        return new CounterFile(file, channel, fitting, logger);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(file);
        throw e;
      }
    }
  }

  /** Writes every page; halves the size until it fits. */
  private static int allocateSpace(FileChannel channel, int components) throws IOException {
    int wanted = components;
    while (true) {
      try {
        ByteBuffer zeros = ByteBuffer.allocateDirect(WRITE_BYTES);
        long length = CounterFileLayout.fileLength(wanted);
        for (long position = 0; position < length; ) {
          zeros.clear().limit((int) Math.min(WRITE_BYTES, length - position));
          position += channel.write(zeros, position);
        }
        return wanted;
      } catch (IOException e) {
        channel.truncate(0);
        if (wanted <= MIN_COMPONENTS) {
          throw e;
        }
        wanted = Math.max(MIN_COMPONENTS, wanted / 2);
      }
    }
  }

  private static FileAttribute<?>[] privateToUser(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void warnNone(System.Logger logger, Path file, IOException e) {
    logger.log(Level.WARNING, "no counter file: " + file + " cannot be made: " + e);
  }
}
