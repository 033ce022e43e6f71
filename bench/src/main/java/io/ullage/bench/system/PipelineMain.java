package io.ullage.bench.system;

import io.ullage.tool.frame.JsonLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The main class of one run: the source copies bytes into buffers, the sink looks at each of them
 * and pauses now and then, so that the queue fills and empties. Prints one line of JSON.
 */
public final class PipelineMain {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int BASE_BYTES = 8 << 20;

  /** The sink pauses each time it has seen so much. */
  private static final int PAUSE_EVERY_BYTES = 64 << 20;

  private static final long PAUSE_MILLIS = 100;

  private PipelineMain() {}

  /** Arguments: implementation, limit and total in MiB. */
  public static void main(String[] arguments) throws Exception {
    long limitBytes = Long.parseLong(arguments[1]) << 20;
    int chunks = (int) ((Long.parseLong(arguments[2]) << 20) / CHUNK_BYTES);
    long[] offerNanos = new long[chunks];
    long begun;
    long elapsed;
    long written;
    try (Pipeline pipeline = open(arguments[0], limitBytes)) {
      begun = System.nanoTime();
      CompletableFuture<Long> sent =
          CompletableFuture.supplyAsync(() -> send(pipeline, offerNanos));
      long received = receive(pipeline);
      elapsed = System.nanoTime() - begun;
      // What the source threw, if it did, is thrown here.
      if (received != sent.get()) {
        throw new IllegalStateException("got " + received + " out, expected " + sent.get());
      }
      written = pipeline.writtenBytes();
    }
    Arrays.sort(offerNanos);
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("mib_per_s", (double) chunks * CHUNK_BYTES / (1 << 20) / (elapsed / 1e9));
    line.put("offer_p50_ns", offerNanos[chunks / 2]);
    line.put("offer_p99_ns", offerNanos[(int) (chunks * 0.99)]);
    line.put("offer_p999_ns", offerNanos[(int) (chunks * 0.999)]);
    line.put("offer_max_ns", offerNanos[chunks - 1]);
    line.put("peak_rss_mib", peakResidentKibibytes() / 1024.0);
    line.put("written_mib", written / (1 << 20));
    System.out.println(JsonLine.of(line));
  }

  private static Pipeline open(String impl, long limitBytes) throws IOException {
    return switch (impl) {
      case "ullage" -> new UllagePipeline(limitBytes, CHUNK_BYTES, true);
      case "ullage-resident" -> new UllagePipeline(limitBytes, CHUNK_BYTES, false);
      case "netty-blocking-queue" ->
          new BlockingPipeline<>(new NettyBuffers(), limitBytes, CHUNK_BYTES);
      case "slices-blocking-queue" ->
          new BlockingPipeline<>(new SliceBuffers(), limitBytes, CHUNK_BYTES);
      case "chronicle-queue" -> new ChroniclePipeline(CHUNK_BYTES);
      default -> throw new IllegalArgumentException("impl: " + impl);
    };
  }

  /** The sum of the checksums of all buffers; how long each took from asking to handing on. */
  private static long send(Pipeline pipeline, long[] offerNanos) {
    byte[] base = new byte[BASE_BYTES];
    new SplittableRandom(42).nextBytes(base);
    MemorySegment bytes = MemorySegment.ofArray(base);
    long sum = 0;
    try {
      for (int i = 0; i < offerNanos.length; i++) {
        long from = (long) i * CHUNK_BYTES % BASE_BYTES;
        long asked = System.nanoTime();
        Pipeline.Filling filling = pipeline.acquire();
        MemorySegment.copy(bytes, from, filling.bytes(), 0, CHUNK_BYTES);
        filling.bytes().set(ValueLayout.JAVA_INT_UNALIGNED, 0, i);
        filling.offer();
        offerNanos[i] = System.nanoTime() - asked;
        sum += i;
      }
      return sum;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    } finally {
      end(pipeline);
    }
  }

  /** Also after a failure, which the sink must not wait out. */
  private static void end(Pipeline pipeline) {
    try {
      pipeline.end();
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static long receive(Pipeline pipeline) throws IOException, InterruptedException {
    CRC32C crc = new CRC32C();
    long[] seen = new long[2];
    while (pipeline.next(
        bytes -> {
          seen[0] += bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
          // Bytes of a mapping may not be given to native code; a copy is what every sink makes.
          byte[] copy = bytes.toArray(ValueLayout.JAVA_BYTE);
          crc.update(copy);
          seen[1] += copy.length;
        })) {
      if (seen[1] % PAUSE_EVERY_BYTES == 0) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    return crc.getValue() == 0 ? -1 : seen[0];
  }

  private static long peakResidentKibibytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
