package io.ullage.core.bounds;

import io.ullage.core.bounds.internal.Requirements;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How much memory a program, or a part of it, is given.
 *
 * <p>The slop is the share that is set aside for what nobody can count: allocator rounding, the
 * kernel's own pages, a library's buffers. Immutable and thread-safe.
 *
 * @param initialLimitBytes the limit before slop, not negative
 * @param slop the share set aside, at least 0 and below 1
 */
public record MemoryGrant(long initialLimitBytes, double slop) {
  /** Checks both values. */
  public MemoryGrant {
    Requirements.notNegative("initialLimitBytes", initialLimitBytes);
    if (!(slop >= 0 && slop < 1)) {
      throw new IllegalArgumentException("slop is " + slop + ": it must be at least 0 and below 1");
    }
    slop = slop == 0 ? 0 : slop; // Not the negative zero, which would not equal the positive one.
  }

  /**
   * {@return a grant without slop}
   *
   * @param limitBytes the limit, not negative
   */
  public static MemoryGrant of(long limitBytes) {
    return new MemoryGrant(limitBytes, 0);
  }

  /**
   * {@return a grant with slop}
   *
   * @param initialLimitBytes the limit before slop, not negative
   * @param slop the share set aside, at least 0 and below 1
   */
  public static MemoryGrant of(long initialLimitBytes, double slop) {
    return new MemoryGrant(initialLimitBytes, slop);
  }

  /**
   * {@return what may be used, the initial limit × (1 − slop), cut to whole bytes} The slop is
   * taken as the decimal that it prints as, and the product is exact at any size.
   */
  public long effectiveLimitBytes() {
    return BigDecimal.valueOf(initialLimitBytes)
        .multiply(keptShare())
        .setScale(0, RoundingMode.DOWN)
        .longValueExact();
  }

  /**
   * Returns the smallest initial limit that leaves an amount after the same slop.
   *
   * @param effectiveBytes the amount, not negative
   * @return the limit, or {@link Long#MAX_VALUE} where none that fits into a {@code long} does
   */
  public long initialLimitFor(long effectiveBytes) {
    Requirements.notNegative("effectiveBytes", effectiveBytes);
    BigDecimal needed = BigDecimal.valueOf(effectiveBytes).divide(keptShare(), 0, RoundingMode.UP);
    return needed.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact();
  }

  private BigDecimal keptShare() {
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(slop));
  }
}
