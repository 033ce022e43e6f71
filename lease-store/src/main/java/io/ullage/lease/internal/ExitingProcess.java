package io.ullage.lease.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells from {@code /proc} that a process of the same PID namespace is as good as dead, earlier
 * than the kernel frees its file locks: that happens only after its memory was torn down, 100 ms
 * for each GiB.
 *
 * <p>It is when all its threads are exiting, or when the pid belongs to a process that started at
 * another time. A process that cannot be seen proves nothing (/proc may hide it). Tasks are listed
 * twice: a thread that an exiting one started just before is found by the second look at the
 * latest, because its parent was seen exiting in the first.
 */
final class ExitingProcess {
  private static final int LOOKS = 2;

  private final Path proc;

  ExitingProcess(Path proc) {
    this.proc = proc;
  }

  /** Whether no thread of the process will run user code again, for certain. */
  boolean isGone(long pid, long startTicks) {
    Path process = proc.resolve(Long.toString(pid));
    try {
      ThreadStat leader = ThreadStat.parse(Files.readString(process.resolve("stat")));
      if (leader.startTicks() != startTicks) {
        return true;
      }
      if (!leader.exiting()) {
        return false;
      }
      for (int look = 0; look < LOOKS; look++) {
        if (!allExiting(process.resolve("task"))) {
          return false;
        }
      }
      return true;
    } catch (IOException | IllegalArgumentException | DirectoryIteratorException e) {
      return false;
    }
  }

  private static boolean allExiting(Path tasks) throws IOException {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        if (!isExiting(thread)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isExiting(Path thread) throws IOException {
    String line;
    try {
      line = Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      // It ended since it was listed (ESRCH or ENOENT); if it cannot be read for another reason it
      // still exists.
      if (Files.exists(thread)) {
        throw e;
      }
      return true;
    }
    return ThreadStat.parse(line).exiting();
  }
}
