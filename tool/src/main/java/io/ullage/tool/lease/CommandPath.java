package io.ullage.tool.lease;

import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a command as a shell does, before anything is made. */
final class CommandPath {
  /** What shells say when a file is there and cannot be run. */
  private static final int NOT_EXECUTABLE = 126;

  private CommandPath() {}

  static Path find(String command) {
    return find(command, System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
  }

  static Path find(String command, String searchPath) {
    if (command.indexOf('/') >= 0) {
      Path program = Path.of(command);
      if (Files.isRegularFile(program) && !Files.isExecutable(program)) {
        throw new CommandFailure(
            new Failure(NOT_EXECUTABLE, "not_executable", command + ": cannot be executed"));
      }
      if (Files.isRegularFile(program)) {
        return program.toAbsolutePath();
      }
    } else if (!command.isEmpty()) {
      for (String folder : searchPath.split(File.pathSeparator, -1)) {
        Path program = Path.of(folder.isEmpty() ? "." : folder, command);
        if (Files.isRegularFile(program) && Files.isExecutable(program)) {
          return program.toAbsolutePath();
        }
      }
    }
    throw new CommandFailure(
        new Failure(ExitCode.NOT_FOUND, "not_found", command + ": command not found"));
  }
}
