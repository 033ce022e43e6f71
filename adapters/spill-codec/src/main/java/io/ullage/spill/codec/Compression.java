package io.ullage.spill.codec;

import io.airlift.compress.v3.Compressor;
import io.airlift.compress.v3.Decompressor;
import io.airlift.compress.v3.lz4.Lz4Compressor;
import io.airlift.compress.v3.lz4.Lz4Decompressor;
import io.airlift.compress.v3.zstd.ZstdCompressor;
import io.airlift.compress.v3.zstd.ZstdDecompressor;

/** How entries are compressed. */
public enum Compression {
  /** LZ4: fast enough to stand between a queue and a fast disk. */
  LZ4,

  /** Zstandard at its default level: smaller, and several times slower. */
  ZSTD;

  Compressor compressor() {
    return switch (this) {
      case LZ4 -> Lz4Compressor.create();
      case ZSTD -> ZstdCompressor.create();
    };
  }

  Decompressor decompressor() {
    return switch (this) {
      case LZ4 -> Lz4Decompressor.create();
      case ZSTD -> ZstdDecompressor.create();
    };
  }
}
