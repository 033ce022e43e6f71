package io.ullage.core.internal;

import java.util.Arrays;
import java.util.SortedMap;

/**
 * All levels of a registry at one version of its structure, sorted by path, so that a parent other
 * than the root stands before its children.
 */
public final class LevelIndex {
  private static final int NONE = -1;

  private final int version;
  private final String[] paths;
  private final BudgetLevel[] levels;
  private final int[] parents;

  private LevelIndex(int version, String[] paths, BudgetLevel[] levels, int[] parents) {
    this.version = version;
    this.paths = paths;
    this.levels = levels;
    this.parents = parents;
  }

  /** Makes the index of these levels. */
  public static LevelIndex of(int version, SortedMap<String, BudgetLevel> sorted) {
    String[] paths = sorted.keySet().toArray(String[]::new);
    BudgetLevel[] levels = sorted.values().toArray(BudgetLevel[]::new);
    int[] parents = new int[levels.length];
    for (int i = 0; i < levels.length; i++) {
      BudgetLevel parent = levels[i].parent();
      parents[i] =
          parent == null ? NONE : Math.max(NONE, Arrays.binarySearch(paths, parent.path()));
    }
    return new LevelIndex(version, paths, levels, parents);
  }

  /** Which version of the structure this is. */
  public int version() {
    return version;
  }

  /** How many levels there are. */
  public int size() {
    return levels.length;
  }

  /** The path at a place. */
  public String path(int i) {
    return paths[i];
  }

  /** The level at a place. */
  public BudgetLevel level(int i) {
    return levels[i];
  }

  /** Where the parent of a level stands; negative for the root. */
  public int parent(int i) {
    return parents[i];
  }

  /** Where a path stands; negative when it is not there. */
  public int find(String path) {
    return Arrays.binarySearch(paths, path);
  }
}
