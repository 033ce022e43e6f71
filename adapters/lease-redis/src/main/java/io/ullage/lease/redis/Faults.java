package io.ullage.lease.redis;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** What went wrong with a server, as every store says it. */
final class Faults {
  private final String location;

  Faults(RedisLeaseOptions options) {
    this.location = options.location();
  }

  /** What a failed connection or request is to those who asked. */
  LeaseStoreException of(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case JedisDataException refusal -> {
          return refused(refusal);
        }
        case SSLException refusal -> {
          return fault(StoreFault.UNAVAILABLE, "TLS failed: " + refusal.getMessage(), failure);
        }
        case SocketTimeoutException late -> {
          return fault(StoreFault.TIMEOUT, "no answer in time", failure);
        }
        case UnknownHostException unknown -> {
          return fault(StoreFault.UNAVAILABLE, "no connection: unknown host", failure);
        }
        default -> {
          continue;
        }
      }
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

  /** What a server's refusal is. */
  LeaseStoreException refused(JedisDataException refusal) {
    String message = String.valueOf(refusal.getMessage());
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
    return fault(fault, message, refusal);
  }

  private static String lastMessage(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }

  /** What has come or will, interrupts notwithstanding: each wait for a server ends by itself. */
  static <T> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LeaseStoreException failure) {
        throw failure;
      }
      if (e.getCause() instanceof IllegalStateException closed) {
        throw closed;
      }
      throw e;
    }
  }
}
