package io.ullage.tool.lease;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A process of its own that asks the kernel to be killed when its parent dies, checks that its
 * parent is still there, and becomes a command. Arguments: the parent's process id, the command's
 * path, the command's arguments.
 */
public final class ParentDeathLauncher {
  private static final int PR_SET_PDEATHSIG = 1;
  private static final long SIGKILL = 9;
  private static final int NOT_STARTED = 126;

  private ParentDeathLauncher() {}

  /** The command line that runs this class, up to the command's own part. */
  static List<String> commandLine(String parent) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        ParentDeathLauncher.class.getName(),
        parent);
  }

  /** Becomes the command. */
  public static void main(String[] arguments) throws Throwable {
    long parent = Long.parseLong(arguments[0]);
    String[] command = Arrays.copyOfRange(arguments, 1, arguments.length);
    try (Arena arena = Arena.ofConfined()) {
      // prctl takes its arguments as unsigned longs, whatever their number.
      MethodHandle prctl =
          function(
              "prctl",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      int refused = (int) prctl.invokeExact(PR_SET_PDEATHSIG, SIGKILL);
      boolean orphaned =
          ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) != parent;
      if (refused == 0 && !orphaned) {
        MemorySegment words = arena.allocate(ValueLayout.ADDRESS, command.length + 1L);
        for (int i = 0; i < command.length; i++) {
          words.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command[i]));
        }
        MethodHandle execv =
            function(
                "execv",
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        int failed = (int) execv.invokeExact(arena.allocateFrom(command[0]), words);
        System.err.println("ullage lease exec: " + command[0] + " cannot be executed: " + failed);
      }
    }
    System.exit(NOT_STARTED);
  }

  @SuppressWarnings("restricted") // Enabled on this process' own command line.
  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
