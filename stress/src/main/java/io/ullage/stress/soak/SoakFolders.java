package io.ullage.stress.soak;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where a soak keeps its files.
 *
 * @param root all of it
 */
record SoakFolders(Path root) {
  /** Makes them. */
  static SoakFolders create(Path root) throws IOException {
    SoakFolders folders = new SoakFolders(root);
    Files.createDirectories(folders.counters());
    Files.createDirectories(folders.spill());
    return folders;
  }

  Path counters() {
    return root.resolve("counters");
  }

  Path spill() {
    return root.resolve("spill");
  }

  Path leases() {
    return root.resolve("leases");
  }

  void delete() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
