package io.ullage.tool.frame;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends a command with a failure that it knows, and with the figures that it had got to by then. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;
  private final transient Map<String, @Nullable Object> figures;

  /** A failure without figures. */
  public CommandFailure(Failure failure) {
    this(failure, Map.of(), null);
  }

  /**
   * A failure with the figures that its JSON object shows, in their order.
   *
   * @param cause shown as a stack trace with {@code --debug}
   */
  public CommandFailure(
      Failure failure, Map<String, @Nullable Object> figures, @Nullable Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
    this.figures = figures;
  }

  /** What went wrong. */
  public Failure failure() {
    return failure;
  }

  /** The figures for the JSON object, without {@code ok} and {@code error}. */
  public Map<String, @Nullable Object> figures() {
    return figures;
  }
}
