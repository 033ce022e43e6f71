package io.ullage.core.bounds.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Divides whole bytes in proportion to weights, by the method of largest remainders (Hamilton).
 *
 * <p>Each part is the exact share cut to whole bytes; the bytes that are left go, one each, to the
 * parts that lost the largest fraction, earlier parts first among equals. All bytes are given out,
 * and no part is further than one byte from its exact share.
 */
public final class Apportionment {
  private Apportionment() {}

  /** Divides in proportion to weights that are not negative; equally when all of them are zero. */
  public static long[] divide(long bytes, long[] weights) {
    BigInteger sum = BigInteger.ZERO;
    for (long weight : weights) {
      sum = sum.add(BigInteger.valueOf(weight));
    }
    if (sum.signum() == 0) {
      long[] ones = new long[weights.length];
      Arrays.fill(ones, 1);
      return divide(bytes, ones);
    }
    long[] parts = new long[weights.length];
    BigInteger[] remainders = new BigInteger[weights.length];
    long left = bytes;
    for (int i = 0; i < weights.length; i++) {
      BigInteger[] share =
          BigInteger.valueOf(bytes)
              .multiply(BigInteger.valueOf(weights[i]))
              .divideAndRemainder(sum);
      parts[i] = share[0].longValueExact();
      remainders[i] = share[1];
      left -= parts[i];
    }
    IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> remainders[i]).reversed())
        .limit(left)
        .forEach(i -> parts[i]++);
    return parts;
  }

  /**
   * Divides over parts that need a minimum and can use an amount on top: while the minimums do not
   * all fit, in proportion to them; otherwise each minimum whole and the rest in proportion to the
   * amounts on top.
   */
  public static long[] divideOverNeeds(long bytes, long[] minimums, long[] onTop) {
    BigInteger needed = BigInteger.ZERO;
    for (long minimum : minimums) {
      needed = needed.add(BigInteger.valueOf(minimum));
    }
    if (needed.compareTo(BigInteger.valueOf(bytes)) > 0) {
      return divide(bytes, minimums);
    }
    long[] parts = divide(bytes - needed.longValueExact(), onTop);
    for (int i = 0; i < parts.length; i++) {
      parts[i] += minimums[i];
    }
    return parts;
  }
}
