package io.ullage.core;

/** Something registered that can be taken back. Closing it twice is harmless. */
public interface Registration extends AutoCloseable {
  /** Takes the registration back. */
  @Override
  void close();
}
