package io.ullage.tool.run;

import java.nio.file.Path;

/**
 * A file to stream.
 *
 * @param path its canonical path
 * @param sizeBytes its size when the run was planned
 */
record InputFile(Path path, long sizeBytes) {}
