package io.ullage.observe.internal;

import java.io.IOException;

/** Makes the content of one response. Called on many threads at once. */
@FunctionalInterface
public interface ContentSource {
  /**
   * Makes it.
   *
   * @param path the path that was asked for
   * @return what to answer
   * @throws IOException when it cannot be had
   */
  Content content(String path) throws IOException;
}
