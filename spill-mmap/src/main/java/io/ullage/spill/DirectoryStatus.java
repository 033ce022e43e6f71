package io.ullage.spill;

import java.nio.file.Path;

/**
 * How one directory of a {@link MappedFileStore} does.
 *
 * @param path where it is
 * @param inMemory whether its file system is memory, not disk
 * @param isHealthy false after a failure, until something succeeds there again
 * @param failures how often something failed there
 * @param message the last failure, empty when healthy
 */
public record DirectoryStatus(
    Path path, boolean inMemory, boolean isHealthy, long failures, String message) {}
