package io.ullage.spill.internal.store;

import java.nio.file.FileSystems;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The permissions of all that a store creates: its owner's, where the file system knows owners. */
final class OwnerOnly {
  static final FileAttribute<?>[] FILE = permissions("rw-------");
  static final FileAttribute<?>[] DIRECTORY = permissions("rwx------");

  private OwnerOnly() {}

  private static FileAttribute<?>[] permissions(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
