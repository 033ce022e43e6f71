package io.ullage.tool.spill;

import io.ullage.spill.WhenFull;

/** The values of {@code --on-full}. */
enum OnFull {
  BLOCK(WhenFull.BLOCK),
  FAIL(WhenFull.FAIL),
  KEEP(WhenFull.KEEP_RESIDENT),
  DROP(WhenFull.DROP_OLDEST);

  private final WhenFull behaviour;

  OnFull(WhenFull behaviour) {
    this.behaviour = behaviour;
  }

  WhenFull behaviour() {
    return behaviour;
  }
}
