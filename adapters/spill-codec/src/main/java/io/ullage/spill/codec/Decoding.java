package io.ullage.spill.codec;

import io.airlift.compress.v3.Decompressor;
import io.airlift.compress.v3.MalformedInputException;
import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillDamageException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Lets the other store put compressed entries into memory of its own, and decompresses them. */
final class Decoding implements AutoCloseable {
  private final Scratch scratch;
  private final Decompressor decompressor;

  Decoding(Scratch scratch, Decompressor decompressor) {
    this.scratch = scratch;
    this.decompressor = decompressor;
  }

  FetchTarget into(FetchTarget target, CompressedRun run) {
    return new DecodingTarget(target, run);
  }

  private final class DecodingTarget implements FetchTarget {
    private final FetchTarget target;
    private final CompressedRun run;
    private MemorySegment stored = MemorySegment.NULL;
    private MemorySegment memory = MemorySegment.NULL;

    DecodingTarget(FetchTarget target, CompressedRun run) {
      this.target = target;
      this.run = run;
    }

    @Override
    public @Nullable MemorySegment next(long storedBytes) {
      MemorySegment given = target.next(run.nextBytes());
      if (given == null) {
        return null;
      }
      memory = given;
      stored =
          run.isNextCompressed() ? scratch.atLeast(storedBytes).asSlice(0, storedBytes) : given;
      return stored;
    }

    @Override
    public void commit() {
      if (run.isNextCompressed()) {
        decode();
      }
      target.commit();
      run.advance();
    }

    @Override
    public boolean chargeMapped(long byteSize) {
      return target.chargeMapped(byteSize);
    }

    private void decode() {
      String reason;
      try {
        int bytes = decompressor.decompress(stored, memory);
        if (bytes == memory.byteSize()) {
          return;
        }
        reason = "it decompresses to " + bytes + " bytes, not " + memory.byteSize();
      } catch (MalformedInputException | IllegalArgumentException malformed) {
        reason = "it cannot be decompressed: " + malformed.getMessage();
      }
      throw new UncheckedIOException(new SpillDamageException(run.nextSequence(), reason));
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
