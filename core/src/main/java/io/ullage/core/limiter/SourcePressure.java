package io.ullage.core.limiter;

import java.util.Optional;

/**
 * What a limiter's source said last.
 *
 * @param source the source's name
 * @param reading the reading; empty if the source could not be read
 */
public record SourcePressure(String source, Optional<UsageReading> reading) {}
