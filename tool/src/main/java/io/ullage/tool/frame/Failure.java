package io.ullage.tool.frame;

import io.ullage.core.MemoryLimitException;
import io.ullage.lease.LeaseHeldException;
import io.ullage.lease.LeaseLostException;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LossCause;
import io.ullage.spill.StoreFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.ParameterException;

/**
 * How a command failed.
 *
 * @param exitCode one of {@link ExitCode}
 * @param error a short name for programs, such as {@code lease_held}
 * @param message one line for a person
 */
public record Failure(int exitCode, String error, String message) {
  /** Checks the parts and puts the message on one line. */
  public Failure {
    Objects.requireNonNull(error, "error");
    message = message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  /** Bad arguments or configuration. */
  public static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, "usage", message);
  }

  /** The failure that an exception stands for, the library's own exceptions included. */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case CommandFailure known -> known.failure();
      case ParameterException bad -> usage(message(bad));
      case MemoryLimitException refusal ->
          new Failure(ExitCode.FAILED, "memory_limit", message(refusal));
      case LeaseHeldException held -> new Failure(ExitCode.LEASE_HELD, "lease_held", message(held));
      case LeaseLostException lost when lost.lossCause() == LossCause.DEADLINE ->
          new Failure(ExitCode.DEADLINE, "deadline", message(lost));
      case LeaseLostException lost -> new Failure(ExitCode.LEASE_LOST, "lease_lost", message(lost));
      case LeaseStoreException store ->
          new Failure(ExitCode.INTERNAL, "lease_store", store.fault() + ": " + message(store));
      case InterruptedException interrupted ->
          new Failure(ExitCode.FAILED, "interrupted", "interrupted by a signal");
      case StoreFullException full -> new Failure(ExitCode.IO, "disk_full", message(full));
      case UncheckedIOException unchecked -> of(Objects.requireNonNull(unchecked.getCause()));
      case IOException io ->
          new Failure(ExitCode.IO, isDiskFull(io) ? "disk_full" : "io", text(io));
      default -> new Failure(ExitCode.INTERNAL, "internal", text(thrown));
    };
  }

  private static boolean isDiskFull(IOException thrown) {
    String reason =
        thrown instanceof FileSystemException file ? file.getReason() : thrown.getMessage();
    return reason != null && reason.toLowerCase(Locale.ROOT).contains("no space left");
  }

  private static String message(Throwable thrown) {
    return Objects.requireNonNullElse(thrown.getMessage(), thrown.getClass().getSimpleName());
  }

  private static String text(Throwable thrown) {
    String name = thrown.getClass().getSimpleName();
    String message = thrown.getMessage();
    return message == null || message.isBlank() ? name : name + ": " + message;
  }
}
