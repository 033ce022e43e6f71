package io.ullage.spill;

import org.jspecify.annotations.Nullable;

/**
 * The two policies of one queue: the writers' side and the reader's.
 *
 * @param spillPolicy what decides on spilling; without one nothing spills unless it is asked for
 * @param prefetchPolicy what decides on fetching ahead; without one an entry is fetched when the
 *     reader comes to it
 */
public record QueuePolicies(
    @Nullable SpillPolicy spillPolicy, @Nullable PrefetchPolicy prefetchPolicy) {}
