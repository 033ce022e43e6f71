package io.ullage.spill.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory in which segment files are made. Made with mode 0700 if missing; a symbolic link is
 * refused. Thread-safe.
 */
final class Directory {
  /** The prefix, a process id that fits a long, 64 random bits. */
  private static final Pattern FILE_NAME =
      Pattern.compile(SegmentFiles.NAME_PREFIX + "([0-9]{1,18})-[0-9a-f]{16}");

  private final Path path;
  private final FileStore fileStore;

  private Directory(Path path, FileStore fileStore) {
    this.path = path;
    this.fileStore = fileStore;
  }

  static Directory open(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(path, ownerOnly("rwx------"));
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotDirectoryException(path.toString());
    }
    Directory directory = new Directory(path.toRealPath(), Files.getFileStore(path));
    directory.sweep();
    return directory;
  }

  /**
   * Deletes what processes left behind that were killed between making a file and taking away its
   * name: some 100 µs. Files of live processes are left alone; should one be deleted all the same,
   * because its process cannot be seen from here, its maker makes another.
   */
  private void sweep() throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(path, SegmentFiles.NAME_PREFIX + "*")) {
      for (Path file : files) {
        if (isLeftover(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isLeftover(Path file) {
    Matcher name = FILE_NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches()
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && ProcessHandle.of(Long.parseLong(name.group(1))).filter(ProcessHandle::isAlive).isEmpty();
  }

  Path path() {
    return path;
  }

  /** Returns whether files here are memory, not disk. */
  boolean inMemory() {
    return fileStore.type().equals("tmpfs") || fileStore.type().equals("ramfs");
  }

  long usableBytes() throws IOException {
    return fileStore.getUsableSpace();
  }

  /** Makes a file that nobody else can have opened. */
  FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS),
        ownerOnly("rw-------"));
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
