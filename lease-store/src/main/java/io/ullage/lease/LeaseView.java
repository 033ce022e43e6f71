package io.ullage.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * What a store knows about one key at one instant; immutable.
 *
 * @param key the key
 * @param state the state of its record
 * @param token the fencing token of the latest acquisition, 0 if there was none
 * @param pid the process id of the holder in the holder's own PID namespace, 0 if there is none
 * @param alive whether the holder's process lives, as far as the store can tell; false if there is
 *     no holder
 * @param acquiredAt when the holder got the lease, by the wall clock; {@link Instant#EPOCH} if
 *     unknown
 * @param expiresIn time until the lease runs out unless it is renewed; zero if it is not held
 * @param note what the holder noted, empty if nothing
 */
public record LeaseView(
    String key,
    LeaseState state,
    long token,
    long pid,
    boolean alive,
    Instant acquiredAt,
    Duration expiresIn,
    String note) {}
