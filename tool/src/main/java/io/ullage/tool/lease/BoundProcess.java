package io.ullage.tool.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts a command that does not outlive this process, however this process dies: the kernel sends
 * KILL to it when the <em>thread</em> that started it ends (PR_SET_PDEATHSIG). So it has to be
 * started by a thread that lives as long as the process.
 *
 * <p>Between fork and exec a helper asks for the signal, and then checks that its parent is still
 * this process, for it may have died just before: {@code setpriv} of util-linux and a line of shell
 * where there is one, else {@link ParentDeathLauncher}, which costs the start of a JVM.
 * Environment, folder, standard streams and process group are those of this process.
 */
final class BoundProcess {
  /** $0 is the expected parent. */
  private static final String CHECK = "[ \"$PPID\" = \"$0\" ] || kill -9 $$; exec \"$@\"";

  private static final List<Path> SETPRIV =
      List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));
  private static final Path SHELL = Path.of("/bin/sh");

  private BoundProcess() {}

  static Process start(Path program, List<String> command, Map<String, String> environment)
      throws IOException {
    List<String> line = new ArrayList<>(launcher());
    String name = command.getFirst();
    // A shell finds the same program by its bare name, which then is what the program sees of
    // itself.
    boolean byName = line.contains(SHELL.toString()) && !name.startsWith("-");
    line.add(byName ? name : program.toString());
    line.addAll(command.subList(1, command.size()));
    ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static List<String> launcher() {
    String self = Long.toString(ProcessHandle.current().pid());
    for (Path setpriv : SETPRIV) {
      if (Files.isExecutable(setpriv) && Files.isExecutable(SHELL)) {
        return List.of(
            setpriv.toString(), "--pdeathsig", "KILL", SHELL.toString(), "-c", CHECK, self);
      }
    }
    return ParentDeathLauncher.commandLine(self);
  }
}
