package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/**
 * A generation file as Chronicle Map sees it: what gives a new key its place. Used by one thread at
 * a time, under the header lock of the sidecar, so that the map's own locks are never contended;
 * one that is found taken was left behind by a dead process.
 */
final class ChronicleFile implements AutoCloseable {
  /** Inserts come one at a time, and a segment alone cannot fill up before the others. */
  private static final int SEGMENTS = 1;

  /**
   * How long Chronicle Map waits for a lock of its own. Nobody alive can have it, so the least it
   * accepts is enough.
   */
  private static final String LOCK_TIMEOUT = "net.openhft.chronicle.map.lockTimeoutSeconds";

  private static final String ANALYTICS = "chronicle.analytics.disable";

  private final ChronicleMap<byte[], byte[]> map;
  private final Path path;
  private final long entries;

  private ChronicleFile(Path path, ChronicleMap<byte[], byte[]> map, long entries) {
    this.path = path;
    this.map = map;
    this.entries = entries;
  }

  /** Opens a file, or makes its content if it is empty. */
  static ChronicleFile open(Path file, long entries) {
    RequiredJvmOptions.check();
    System.setProperty(ANALYTICS, "true");
    System.setProperty(LOCK_TIMEOUT, "1");
    try {
      return new ChronicleFile(
          file,
          ChronicleMapBuilder.of(byte[].class, byte[].class)
              .name("ullage-lease")
              .entries(entries)
              .constantKeySizeBySample(new byte[RecordLayout.MAP_KEY_BYTES])
              .constantValueSizeBySample(new byte[RecordLayout.BYTES])
              .entryAndValueOffsetAlignment(Long.BYTES)
              .actualSegments(SEGMENTS)
              // A file that grows would grow out of the mappings of those who scan it.
              .allowSegmentTiering(false)
              .checksumEntries(false)
              .skipCloseOnExitHook(true)
              .createPersistedTo(file.toFile()),
          entries);
    } catch (IOException | RuntimeException e) {
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store's file " + file + " cannot be opened: " + e, e);
    }
  }

  Path path() {
    return path;
  }

  /** Makes a file under a temporary name; whoever finds it under its own finds it whole. */
  static void create(Path temporary, long entries) throws IOException {
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, StoreFiles.FILE_MODE);
    open(temporary, entries).close();
  }

  /** Gives a key its place, with a fresh record that is pending. */
  void insert(String key, long tokenFloor) {
    try {
      map.putIfAbsent(RecordLayout.mapKey(key), RecordLayout.freshRecord(key, tokenFloor));
    } catch (IllegalStateException e) {
      throw new LeaseStoreException(
          StoreFault.FULL,
          "the lease store has no room for key '"
              + key
              + "': it holds "
              + map.longSize()
              + " keys and was made for "
              + entries,
          e);
    } catch (RuntimeException e) {
      // A lock of the map that nobody alive can have: whoever had it died.
      throw new LeaseStoreException(
          StoreFault.DAMAGED, "the lease store's map refuses key '" + key + "': " + e, e);
    }
  }

  long keys() {
    return map.longSize();
  }

  @Override
  public void close() {
    map.close();
  }
}
