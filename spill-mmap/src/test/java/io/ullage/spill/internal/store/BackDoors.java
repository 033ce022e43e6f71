package io.ullage.spill.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The system's calls, and a second channel to each file before it loses its name. */
final class BackDoors extends RealCalls implements AutoCloseable {
  private final List<FileChannel> doors = new ArrayList<>();

  BackDoors() {}

  BackDoors(SystemCalls calls) {
    super(calls);
  }

  @Override
  public FileChannel create(Path file) throws IOException {
    FileChannel made = super.create(file);
    doors.add(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    return made;
  }

  /** To the file that was made first. */
  FileChannel first() {
    return doors.getFirst();
  }

  /** To all files, in the order in which they were made. */
  List<FileChannel> all() {
    return doors;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel door : doors) {
      door.close();
    }
  }
}
