package io.ullage.lease.internal;

/**
 * Keeps on file an upper bound of every token ever drawn, so that tokens never go back when records
 * are lost.
 */
@FunctionalInterface
public interface TokenCeiling {
  /**
   * By how many bits milliseconds since 1970 are shifted to become a token. The tokens of a store
   * of which nothing at all is left start here, so that they exceed those drawn before it was
   * deleted, as long as no key was acquired more than a thousand times each millisecond of the
   * store's life. Until 2248 they stay below 2^53, which numbers in JSON and JavaScript hold
   * exactly.
   */
  int TOKENS_PER_MILLI_BITS = 10;

  /**
   * No store ever draws a token this small (it is that of a clock in January 1970), so one that
   * does was overwritten with zeros.
   */
  long LEAST_TOKEN = 1L << 40;

  /**
   * A token that no store reached yet.
   *
   * @return the floor of a store that is made now
   */
  static long floorNow() {
    return Math.max(LEAST_TOKEN, System.currentTimeMillis() << TOKENS_PER_MILLI_BITS);
  }

  /**
   * Makes sure that {@code token} is at most the bound on file, raising it if need be. Usually one
   * read.
   *
   * @param token a token that was drawn and not yet shown to anybody
   */
  void cover(long token);
}
