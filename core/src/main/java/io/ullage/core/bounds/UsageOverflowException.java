package io.ullage.core.bounds;

import java.io.Serial;

/** Thrown when a bound does not fit into a {@code long}; its message names the expression. */
public final class UsageOverflowException extends ArithmeticException {
  @Serial private static final long serialVersionUID = 1L;

  private final String expression;

  /**
   * Makes the exception.
   *
   * @param expression the name of the expression, or the path of the component, that overflowed
   * @param computation what was computed, with its operands
   */
  public UsageOverflowException(String expression, String computation) {
    super(
        "expression '"
            + expression
            + "' is larger than "
            + Long.MAX_VALUE
            + " ("
            + computation
            + "): lower one of its operands");
    this.expression = expression;
  }

  /** {@return the name of the expression, or the path of the component, that overflowed} */
  public String expression() {
    return expression;
  }
}
