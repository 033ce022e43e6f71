package io.ullage.tool.run;

import io.ullage.core.bounds.MemoryGrant;
import io.ullage.core.bounds.VerificationMode;
import io.ullage.tool.lease.StoreLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a run is going to do: every option checked, every default decided, nothing created.
 *
 * @param inputs the files to stream, in their order
 * @param totalBytes how much to stream
 * @param chunkBytes the size of a chunk; the last one may be shorter
 * @param grant the limit, before and after slop
 * @param thresholdBytes what may be resident beyond the head reserve, null for a share of the limit
 * @param headReserveBytes what stays resident for the reader, null for a share of the limit
 * @param sinkBytesPerSecond the rate of the sink, 0 for none
 * @param spillDirectory where to spill, null for the user's folder
 * @param leaseStore the lease store
 * @param ttl the TTL of the lease
 * @param deadline how long the run may take
 * @param waitAtMost how long to wait for the lease
 * @param verification what to do when the bounds do not fit
 * @param output where to write what arrives, or null
 * @param statusPort the port for the status, if wanted
 * @param linger how long to keep the status up at the end
 */
record RunPlan(
    List<InputFile> inputs,
    long totalBytes,
    int chunkBytes,
    MemoryGrant grant,
    @Nullable Long thresholdBytes,
    @Nullable Long headReserveBytes,
    long sinkBytesPerSecond,
    @Nullable Path spillDirectory,
    StoreLocation leaseStore,
    Duration ttl,
    Duration deadline,
    Duration waitAtMost,
    VerificationMode verification,
    @Nullable Path output,
    OptionalInt statusPort,
    Duration linger) {
  RunPlan {
    inputs = List.copyOf(inputs);
  }
}
