package io.ullage.core;

/**
 * What one level of the component tree said to a request.
 *
 * @param path the level's component
 * @param limitBytes its limit at that moment, {@link Long#MAX_VALUE} when it has none
 * @param reservedBytes what its subtree had reserved
 * @param requestedBytes what was asked for
 * @param refused whether this level had no room
 */
public record LevelOutcome(
    String path, long limitBytes, long reservedBytes, long requestedBytes, boolean refused) {}
