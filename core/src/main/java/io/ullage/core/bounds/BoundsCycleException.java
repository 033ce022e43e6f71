package io.ullage.core.bounds;

import java.io.Serial;
import java.util.List;

/** Thrown when bounds contain themselves; its message shows the way round. */
public final class BoundsCycleException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1L;

  /** How many places of the way the message shows: enough to recognise the turn. */
  private static final int SHOWN = 6;

  BoundsCycleException(String path, List<String> trail) {
    super(
        "bounds contain themselves: component '"
            + path
            + "' was reached again by way of "
            + String.join(" → ", trail.subList(Math.max(0, trail.size() - SHOWN), trail.size())));
  }
}
