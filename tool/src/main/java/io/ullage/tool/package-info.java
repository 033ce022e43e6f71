/**
 * The {@code ullage} command.
 *
 * <p>To add a subcommand: write a class annotated with {@link picocli.CommandLine.Command} that
 * implements {@code Callable<Integer>}, in a package of its own, and add it to the list in {@link
 * io.ullage.tool.Ullage}. It inherits {@code --help}, {@code --version} and {@code --debug}. It
 * returns one of {@link io.ullage.tool.frame.ExitCode} or throws: {@link
 * io.ullage.tool.frame.CommandFailure} where it knows the code, anything else is mapped by {@link
 * io.ullage.tool.frame.Failure#of}. For {@code --json} it mixes in {@link
 * io.ullage.tool.frame.JsonOption} and prints its own object with {@link
 * io.ullage.tool.frame.JsonLine} when it succeeds; on a failure the frame prints it. When a signal
 * ends the process, the thread that runs the command is interrupted and has ten seconds to clean
 * up; the JVM then exits with 128 + the signal's number.
 */
@NullMarked
package io.ullage.tool;

import org.jspecify.annotations.NullMarked;
