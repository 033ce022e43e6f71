package io.ullage.core.limiter.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The mounts of {@code /proc/self/mountinfo}.
 *
 * <pre>
 *   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 *              |     |                           |              |
 *              root  mount point      file system type          options of the file system
 * </pre>
 *
 * <p>Between the sixth field and the dash stand any number of optional fields. Spaces, tabs,
 * newlines and backslashes in paths are written as three octal digits behind a backslash.
 */
final class MountTable {
  /** One mount: which directory of the file system appears where. */
  record Mount(String root, String mountPoint, String type, List<String> options) {}

  private MountTable() {}

  static List<Mount> read(Path fileSystemRoot) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : KernelFile.lines(fileSystemRoot.resolve("proc/self/mountinfo"))) {
      List<String> fields = Arrays.asList(line.split(" ", -1));
      int dash = fields.indexOf("-");
      if (dash < 6 || fields.size() < dash + 4) {
        continue; // A line of another format is no cgroup mount.
      }
      mounts.add(
          new Mount(
              unescaped(fields.get(3)),
              unescaped(fields.get(4)),
              fields.get(dash + 1),
              List.of(fields.get(dash + 3).split(",", -1))));
    }
    return mounts;
  }

  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && field.substring(i + 1).matches("[0-7]{3}.*")) {
        text.append((char) Integer.parseInt(field, i + 1, i + 4, 8));
        i += 3;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
