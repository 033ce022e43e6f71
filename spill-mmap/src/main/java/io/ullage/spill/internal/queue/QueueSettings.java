package io.ullage.spill.internal.queue;

import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentToken;
import io.ullage.spill.PrefetchPolicy;
import io.ullage.spill.SpillPolicy;
import io.ullage.spill.SpillStore;
import io.ullage.spill.WhenDamaged;
import io.ullage.spill.WhenFull;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a queue was built with. */
public record QueueSettings(
    String name,
    SegmentPool pool,
    ComponentToken token,
    @Nullable SpillStore store,
    @Nullable SpillPolicy spillPolicy,
    @Nullable PrefetchPolicy prefetchPolicy,
    Duration offerTimeout,
    Duration closeTimeout,
    WhenFull whenFull,
    WhenDamaged whenDamaged,
    int fetchAttempts,
    boolean merging,
    Runnable onReadable) {}
