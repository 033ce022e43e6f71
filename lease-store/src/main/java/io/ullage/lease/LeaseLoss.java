package io.ullage.lease;

import org.jspecify.annotations.Nullable;

/**
 * How a lease was lost.
 *
 * @param key the key
 * @param token the fencing token that is no longer good
 * @param cause why
 * @param failure what the store threw, if {@code cause} is {@link LossCause#STORE_FAULT}
 */
public record LeaseLoss(String key, long token, LossCause cause, @Nullable Throwable failure) {}
