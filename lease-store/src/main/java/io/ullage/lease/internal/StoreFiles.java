package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The files of a store, all of which lie at its path or under names that begin with it: the sidecar
 * at the path itself, one generation of records at {@code PATH.gN}, and temporary names with {@code
 * .tmp-} in them. Files are made for their user alone, and symbolic links are refused.
 */
final class StoreFiles {
  static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final String TEMPORARY = ".tmp-";

  private final Path path;

  StoreFiles(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  Path sidecar() {
    return path;
  }

  Path generation(long number) {
    return path.resolveSibling(path.getFileName() + ".g" + number);
  }

  /** A name that no other process of the host uses. */
  Path temporary(ProcessIdentity self) {
    return path.resolveSibling(
        path.getFileName() + TEMPORARY + self.pidNamespace() + "-" + self.pid());
  }

  /** Makes the folder of the store, if it is not there. */
  void createDirectory() throws IOException {
    Path directory = path.getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(directory, DIRECTORY_MODE);
    }
  }

  /** Whether a regular file is there; a link or anything else is refused. */
  static boolean exists(Path file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return false;
    }
    if (!attributes.isRegularFile()) {
      throw new LeaseStoreException(
          StoreFault.ACCESS,
          "lease store: " + file + " is no regular file; allowed: a path of the store's own");
    }
    return true;
  }

  /** What names a file, whatever its path. */
  static String identity(Path file) throws IOException {
    Object key =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    return key == null ? file.toRealPath().toString() : key.toString();
  }

  /** The generations on disk. */
  List<Path> generations() throws IOException {
    return siblings(".g");
  }

  /** Removes what creators that died left behind; the caller holds the header lock. */
  void deleteTemporaries() throws IOException {
    for (Path left : siblings(TEMPORARY)) {
      Files.deleteIfExists(left);
    }
  }

  private List<Path> siblings(String infix) throws IOException {
    List<Path> found = new ArrayList<>();
    Path directory = path.getParent();
    String prefix = path.getFileName() + infix;
    if (directory == null) {
      return found;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory, file -> file.getFileName().toString().startsWith(prefix))) {
      files.forEach(found::add);
    }
    return found;
  }
}
