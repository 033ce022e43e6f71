package io.ullage.core.bounds.internal;

import io.ullage.core.bounds.ComponentBounds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes bounds down as maps, in an order that never varies. */
public final class BoundsTree {
  private BoundsTree() {}

  /** Returns the tree of a component: its two expressions, then the components below by name. */
  public static Map<String, Object> of(ComponentBounds bounds) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("min", bounds.minimum().toTree());
    tree.put("firm", bounds.firm().toTree());
    bounds.subcomponents().forEach((name, below) -> tree.put(name, of(below)));
    return Collections.unmodifiableMap(tree);
  }
}
