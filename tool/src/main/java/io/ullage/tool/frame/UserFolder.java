package io.ullage.tool.frame;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The folder of this user in which commands keep what outlives one of them: the lease store, and
 * the spill files of those that run.
 *
 * <p>It is {@code $XDG_STATE_HOME/ullage}, by default {@code ~/.local/state/ullage}; where there is
 * no home, {@code ullage-USER} in the folder for temporary files. It belongs to the user alone
 * (0700) and is no symbolic link; anything else is refused, because others could read or replace
 * what lies in it.
 */
public final class UserFolder {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path folder;

  /** Finds the place without touching it. */
  public UserFolder(Map<String, String> environment) {
    this.folder = place(environment);
  }

  /** Finds the place for this process. */
  public static UserFolder ofThisUser() {
    return new UserFolder(System.getenv());
  }

  /** The store that {@code run} and {@code lease} share unless told otherwise. */
  public Path leaseStore() {
    return folder.resolve("leases");
  }

  /** Where queues spill unless told otherwise. */
  public Path spillDirectory() {
    return folder.resolve("spill");
  }

  /** The folder itself. */
  public Path path() {
    return folder;
  }

  /** Makes the folder if it is missing, and checks that nobody else can write to it or read it. */
  public Path prepare() throws IOException {
    return preparePrivate(folder);
  }

  /**
   * The same for any folder: made with 0700 where it is missing, refused where it is not private.
   */
  public static Path preparePrivate(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException there) {
      check(folder);
    }
    return folder;
  }

  private static void check(Path folder) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isDirectory()) {
      throw new FileSystemException(folder.toString(), null, "is not a folder");
    }
    EnumSet<PosixFilePermission> wide = EnumSet.copyOf(OF_OTHERS);
    wide.retainAll(attributes.permissions());
    if (!wide.isEmpty()) {
      throw new FileSystemException(
          folder.toString(), null, "can be entered by others; chmod 700 makes it private");
    }
  }

  private static Path place(Map<String, String> environment) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    // The specification of these variables: a relative path is to be ignored.
    if (state.startsWith("/")) {
      return Path.of(state, "ullage");
    }
    String home = environment.getOrDefault("HOME", "");
    if (home.startsWith("/") && Files.isWritable(Path.of(home))) {
      return Path.of(home, ".local", "state", "ullage");
    }
    return Path.of(
        System.getProperty("java.io.tmpdir"), "ullage-" + System.getProperty("user.name"));
  }
}
