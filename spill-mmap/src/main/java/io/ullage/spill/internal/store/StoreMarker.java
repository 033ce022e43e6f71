package io.ullage.spill.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says that the store which made a directory's files is alive: an empty file with a lock that the
 * kernel frees at any death of the process, seen from other containers too.
 *
 * <pre>
 *   ullage-spill-PID-START-RANDOM.lock       the marker: process id and start time of the maker, in hex
 *   ullage-spill-PID-START-RANDOM-RANDOM     a segment file, in the moment before it loses its name
 * </pre>
 *
 * <p>A sweep takes each marker's lock. If it can, the store is dead: its files go, and then the
 * marker, all under the lock. A store that has locked its new marker looks whether the name still
 * stands for it, because a sweep may have come between making and locking; if not it begins anew.
 *
 * <p>Closing any channel on a file drops all of a process's locks on it. So a sweep never opens a
 * marker of its own process, which it knows by process id and start time; where that start time
 * cannot be had, it is 0, and the process then leaves every marker with its own id alone.
 */
final class StoreMarker implements AutoCloseable {
  private static final String PREFIX = SegmentFiles.NAME_PREFIX;
  private static final String SUFFIX = ".lock";
  private static final int ATTEMPTS = 10;

  private static final Pattern NAME =
      Pattern.compile(PREFIX + "([0-9]{1,18}-[0-9a-f]{16})-[0-9a-f]{16}" + Pattern.quote(SUFFIX));
  private static final Pattern SEGMENT_NAME =
      Pattern.compile("(" + PREFIX + "([0-9]{1,18}-[0-9a-f]{16})-[0-9a-f]{16})-[0-9a-f]{16}");

  private final Path path;
  private final FileChannel channel;

  private StoreMarker(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes a marker in a directory and locks it. */
  static StoreMarker make(Path directory) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path path = directory.resolve(PREFIX + thisProcess() + "-" + random() + SUFFIX);
      FileChannel channel = SystemCalls.NONE.create(path);
      if (isHeld(channel, path)) {
        return new StoreMarker(path, channel);
      }
      channel.close();
    }
    throw new IOException("a marker in " + directory + " is swept away again and again");
  }

  private static boolean isHeld(FileChannel channel, Path path) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (IOException noLocksHere) {
      // Then nobody else gets one either, and nothing is swept.
      locked = true;
    }
    boolean held = locked && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    if (!held) {
      Files.deleteIfExists(path);
    }
    return held;
  }

  /** Returns a name for a segment file of this store. */
  Path newFile() {
    String marker = String.valueOf(path.getFileName());
    return path.resolveSibling(
        marker.substring(0, marker.length() - SUFFIX.length()) + "-" + random());
  }

  private static String thisProcess() {
    ProcessHandle process = ProcessHandle.current();
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "-" + HexFormat.of().toHexDigits(start);
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** Deletes what dead processes left in a directory; whatever is in doubt stays. */
  static void sweep(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path file : files) {
        Matcher marker = NAME.matcher(String.valueOf(file.getFileName()));
        if (marker.matches() && !marker.group(1).equals(thisProcess())) {
          sweepIfDead(directory, file);
        }
      }
    }
    sweepOrphans(directory);
  }

  private static void sweepIfDead(Path directory, Path marker) throws IOException {
    try (FileChannel channel =
            FileChannel.open(marker, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        FileLock lock = tryLock(channel)) {
      if (lock != null) {
        String name = String.valueOf(marker.getFileName());
        String store = name.substring(0, name.length() - SUFFIX.length());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, store + "-*")) {
          for (Path file : files) {
            deleteFile(file);
          }
        }
        Files.deleteIfExists(marker);
      }
    } catch (IOException inDoubt) {
      // Gone meanwhile, or a file system without locks, or somebody else's file.
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      return null;
    }
  }

  /** A segment file whose marker is gone: both were swept, or closed, in the wrong order. */
  private static void sweepOrphans(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path file : files) {
        Matcher segment = SEGMENT_NAME.matcher(String.valueOf(file.getFileName()));
        if (segment.matches()
            && !segment.group(2).equals(thisProcess())
            && Files.notExists(
                directory.resolve(segment.group(1) + SUFFIX), LinkOption.NOFOLLOW_LINKS)) {
          deleteFile(file);
        }
      }
    }
  }

  private static void deleteFile(Path file) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(file);
    }
  }

  /** Deletes the marker, then lets the lock go. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(path);
    } finally {
      channel.close();
    }
  }
}
