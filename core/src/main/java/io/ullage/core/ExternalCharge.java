package io.ullage.core;

/**
 * Memory that somebody else allocated and that counts as a component's: direct buffers, JNI
 * libraries, an embedded database.
 *
 * <p>It counts against the limits like any other memory, and is shown apart as {@link
 * MemoryFigures#externalBytes()}. Thread-safe.
 */
public final class ExternalCharge implements AutoCloseable {
  private final Component component;
  private final Object lock = new Object();
  private long bytes;
  private boolean closed;

  ExternalCharge(Component component) {
    this.component = component;
  }

  /**
   * Whose memory it is.
   *
   * @return the component
   */
  public Component component() {
    return component;
  }

  /**
   * How much is charged.
   *
   * @return bytes, 0 once closed
   */
  public long bytes() {
    synchronized (lock) {
      return bytes;
    }
  }

  /**
   * Sets how much is charged. Growing asks the limits, and runs the pressure listeners once when
   * they refuse.
   *
   * @param newBytes zero or more
   * @throws MemoryLimitException when there is no room; what was charged before stays charged then
   * @throws IllegalStateException after close
   */
  public void adjust(long newBytes) {
    if (newBytes < 0) {
      throw new IllegalArgumentException("bytes " + newBytes + ": must be zero or more");
    }
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("external charge of " + component.path() + " is closed");
      }
      component.addExternal(newBytes - bytes);
      bytes = newBytes;
    }
  }

  /** Gives everything back. Closing twice is harmless. */
  @Override
  public void close() {
    synchronized (lock) {
      if (!closed) {
        closed = true;
        component.addExternal(-bytes);
        bytes = 0;
      }
    }
  }
}
