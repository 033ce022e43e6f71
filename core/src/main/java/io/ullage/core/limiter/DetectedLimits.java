package io.ullage.core.limiter;

import java.util.OptionalLong;

/**
 * The memory limits around the process.
 *
 * @param limit the one that counts: the smaller of control group and machine
 * @param cgroupBytes the smallest limit of the process's control group and those above it; empty if
 *     none of them has one, or if they could not be read
 * @param physicalBytes the memory of the machine; empty if it could not be read
 * @param maxDirectMemoryBytes what {@code -XX:MaxDirectMemorySize} allows direct byte buffers, set
 *     or by default; memory from arenas ignores it, which is why it never lowers {@code limit};
 *     empty if the JVM does not tell
 */
public record DetectedLimits(
    MemoryLimit limit,
    OptionalLong cgroupBytes,
    OptionalLong physicalBytes,
    OptionalLong maxDirectMemoryBytes) {}
