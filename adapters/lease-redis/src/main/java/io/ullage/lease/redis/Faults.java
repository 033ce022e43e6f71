package io.ullage.lease.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with a server, as every store says it. */
final class Faults {
  private final String location;

  Faults(RedisLeaseOptions options) {
    this.location = options.location();
  }

  /** What a failed request is to those who asked. */
  LeaseStoreException of(Throwable thrown) {
    Throwable failure = thrown;
    while ((failure instanceof ExecutionException || failure instanceof CompletionException)
        && failure.getCause() != null) {
      failure = failure.getCause();
    }
    if (failure instanceof LeaseStoreException known) {
      return known;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException refusal) {
        return refused(String.valueOf(refusal.getMessage()), failure);
      }
      if (cause instanceof SSLException) {
        return fault(StoreFault.UNAVAILABLE, "TLS failed: " + cause.getMessage(), failure);
      }
    }
    if (failure instanceof TimeoutException) {
      return fault(StoreFault.TIMEOUT, "no answer in time", failure);
    }
    return fault(StoreFault.UNAVAILABLE, "no connection: " + lastMessage(failure), failure);
  }

  /** A request that was not answered in time. */
  LeaseStoreException timeout(long nanos) {
    return fault(
        StoreFault.TIMEOUT, "no answer within " + Duration.ofNanos(nanos).toMillis() + " ms", null);
  }

  LeaseStoreException fault(StoreFault fault, String message, @Nullable Throwable cause) {
    return new LeaseStoreException(fault, "lease store " + location + ": " + message, cause);
  }

  private LeaseStoreException refused(String message, Throwable failure) {
    int space = message.indexOf(' ');
    String code = space < 0 ? message : message.substring(0, space);
    String lower = message.toLowerCase(Locale.ROOT);
    StoreFault fault =
        switch (code) {
          case "NOAUTH", "WRONGPASS", "NOPERM" -> StoreFault.ACCESS;
          case "OOM" -> StoreFault.FULL;
          case "READONLY",
              "LOADING",
              "MASTERDOWN",
              "CLUSTERDOWN",
              "NOREPLICAS",
              "TRYAGAIN",
              "MISCONF",
              "BUSY" ->
              StoreFault.NOT_READY;
          case "WRONGTYPE", "DAMAGED" -> StoreFault.DAMAGED;
          default ->
              lower.contains("password") || lower.contains("auth")
                  ? StoreFault.ACCESS
                  : StoreFault.UNAVAILABLE;
        };
    return fault(fault, message, failure);
  }

  private static String lastMessage(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }
}
