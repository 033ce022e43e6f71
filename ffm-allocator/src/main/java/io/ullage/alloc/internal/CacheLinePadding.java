package io.ullage.alloc.internal;

/**
 * Keeps what one thread writes all the time away from the object before it, which may be another
 * thread's: sixteen longs are two lines of 64 bytes, which the processor fetches in pairs; the
 * fields of a superclass come first. Without it a hand-over took four times as long in every third
 * JVM, as the collector had happened to place the objects.
 */
abstract class CacheLinePadding {
  protected long padding1;
  protected long padding2;
  protected long padding3;
  protected long padding4;
  protected long padding5;
  protected long padding6;
  protected long padding7;
  protected long padding8;
  protected long padding9;
  protected long padding10;
  protected long padding11;
  protected long padding12;
  protected long padding13;
  protected long padding14;
  protected long padding15;
  protected long padding16;
}
