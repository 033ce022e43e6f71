package io.ullage.lease;

/**
 * How often a test with processes repeats itself: a few times in the build, as often as was
 * promised with {@code -Dullage.full=true}.
 */
final class Rounds {
  private Rounds() {}

  static int of(int reduced, int full) {
    return Boolean.getBoolean("ullage.full") ? full : reduced;
  }
}
