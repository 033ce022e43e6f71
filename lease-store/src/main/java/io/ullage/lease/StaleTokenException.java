package io.ullage.lease;

/** A request came with a fencing token of an owner that has since been superseded. */
public final class StaleTokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param token the token of the request
   * @param greatestToken the greatest token seen
   */
  public StaleTokenException(long token, long greatestToken) {
    super("token " + token + " is stale: " + greatestToken + " was seen");
  }
}
