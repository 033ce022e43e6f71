/**
 * A spill store that compresses what another one keeps.
 *
 * <p>{@link io.ullage.spill.codec.CompressingStore} stands between a queue and the store that has
 * the bytes; {@link io.ullage.spill.codec.Compression} names the codecs, all of them pure Java.
 *
 * {@snippet :
 * SpillStore store =
 *     new CompressingStore(MappedFileStore.builder(folder).build(), Compression.LZ4);
 * SpillQueue queue = SpillQueue.builder(pool, token).store(store).build();
 * }
 *
 * <p>What does not get smaller is kept as it is.
 */
@NullMarked
package io.ullage.spill.codec;

import org.jspecify.annotations.NullMarked;
