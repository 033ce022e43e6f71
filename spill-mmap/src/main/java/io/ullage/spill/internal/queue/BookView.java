package io.ullage.spill.internal.queue;

import io.ullage.spill.QueueState;

/** What policies see. Used under the queue's lock only. */
record BookView(QueueBook book, Headroom headroom) implements QueueState {
  @Override
  public long residentBytes() {
    return book.residentBytes() - book.inFlightBytes();
  }

  @Override
  public long headBytes() {
    return book.headBytes();
  }

  @Override
  public long tailBytes() {
    return book.tailBytes();
  }

  @Override
  public long spillingBytes() {
    return book.inFlightBytes();
  }

  @Override
  public long spilledBytes() {
    return book.spilledBytes();
  }

  @Override
  public long entries() {
    return book.entries();
  }

  @Override
  public long offeredBytes() {
    return book.offeredBytes();
  }

  @Override
  public long polledBytes() {
    return book.totals().polledBytes();
  }

  @Override
  public long reservedBytes() {
    return headroom.reservedBytes();
  }

  @Override
  public long limitBytes() {
    return headroom.limitBytes();
  }

  @Override
  public long bytesAboveShare(double share) {
    return headroom.bytesAboveShare(share);
  }
}
