package io.ullage.core;

/**
 * What a component declared that it needs, in bytes.
 *
 * @param ownMinimumBytes what the component itself cannot run without
 * @param ownFirmBytes the most that the component itself wants, its minimum included
 * @param totalMinimumBytes the minimum of the component and everything below it
 * @param totalFirmBytes the most that the component and everything below it want, minimums included
 */
public record DeclaredBounds(
    long ownMinimumBytes, long ownFirmBytes, long totalMinimumBytes, long totalFirmBytes) {}
