package io.ullage.core.internal;

/**
 * Keeps what one thread writes in its {@link Account} a cache line away from the object before it,
 * which may be the account of another thread. Eight longs are the 64 bytes of a line; the fields of
 * a superclass come first.
 */
abstract sealed class AccountPadding permits Account {
  protected long padding1;
  protected long padding2;
  protected long padding3;
  protected long padding4;
  protected long padding5;
  protected long padding6;
  protected long padding7;
  protected long padding8;
}
