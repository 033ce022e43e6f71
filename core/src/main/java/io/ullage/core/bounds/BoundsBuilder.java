package io.ullage.core.bounds;

import io.ullage.core.bounds.internal.Requirements;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects the bounds of one component and of the components below it.
 *
 * <p>A component has two sections. {@link #minimum} is what it cannot run without. {@link #firm} is
 * what it may use <em>on top of</em> the minimum; the component's limit is the sum of both. What is
 * not declared is zero.
 *
 * <p>A builder belongs to the call of {@link MemoryBounds#specifyBounds} that received it; used
 * after {@link ComponentBounds#of} has returned it throws {@link IllegalStateException}. Not
 * thread-safe.
 */
public final class BoundsBuilder {
  /**
   * How deep bounds may nest. Real trees stay below ten; a chain this long is a cycle whose objects
   * are made anew at each turn, which comparing them cannot find.
   */
  private static final int MAX_NESTING = 128;

  private final String path;
  private final Session session;
  private final BoundsSection minimum = new BoundsSection(this);
  private final BoundsSection firm = new BoundsSection(this);
  private final SortedMap<String, BoundsBuilder> subcomponents = new TreeMap<>();

  private BoundsBuilder(String path, Session session) {
    this.path = path;
    this.session = session;
  }

  static ComponentBounds collect(MemoryBounds bounds) {
    Session session = new Session();
    try {
      BoundsBuilder root = new BoundsBuilder(ComponentBounds.ROOT, session);
      return root.include(bounds).build();
    } finally {
      session.open = false;
    }
  }

  /** {@return the section of what the component cannot run without} */
  public BoundsSection minimum() {
    return minimum;
  }

  /** {@return the section of what the component may use on top of its minimum} */
  public BoundsSection firm() {
    return firm;
  }

  /**
   * Adds another object's bounds to this component, as if it were part of it.
   *
   * @param bounds the other object's bounds
   * @return this builder
   * @throws BoundsCycleException if the bounds are being collected already further up
   */
  public BoundsBuilder include(MemoryBounds bounds) {
    checkOpen();
    session.enter(bounds, path);
    try {
      bounds.specifyBounds(this);
    } finally {
      session.exit(bounds);
    }
    return this;
  }

  /**
   * {@return the builder of a component below this one, made if it is new}
   *
   * @param name its name, or a dotted path from here; each part matches {@code [A-Za-z0-9_-]+} and
   *     is neither {@code min} nor {@code firm}
   * @throws IllegalArgumentException if the name does not match
   */
  public BoundsBuilder subcomponent(String name) {
    checkOpen();
    BoundsBuilder builder = this;
    for (String segment : Requirements.segments(name)) {
      String below = builder.path + "." + segment;
      builder =
          builder.subcomponents.computeIfAbsent(segment, each -> new BoundsBuilder(below, session));
    }
    return builder;
  }

  /**
   * Adds bounds to a component below this one, made if it is new.
   *
   * @param name its name, or a dotted path from here
   * @param bounds its bounds
   * @return this builder
   * @throws IllegalArgumentException if the name does not match
   * @throws BoundsCycleException if the bounds are being collected already further up
   */
  public BoundsBuilder subcomponent(String name, MemoryBounds bounds) {
    subcomponent(name).include(bounds);
    return this;
  }

  /**
   * Forgets what was declared so far for this component and all below it.
   *
   * @return this builder
   */
  public BoundsBuilder reset() {
    checkOpen();
    minimum.clear();
    firm.clear();
    subcomponents.clear();
    return this;
  }

  void checkOpen() {
    if (!session.open) {
      throw new IllegalStateException(
          "the builder of '" + path + "' was used after its bounds had been collected");
    }
  }

  private ComponentBounds build() {
    SortedMap<String, ComponentBounds> built = new TreeMap<>();
    subcomponents.forEach((name, builder) -> built.put(name, builder.build()));
    return new ComponentBounds(
        path,
        new UsageExpr.Sum(path + ".min", minimum.expressions()),
        new UsageExpr.Sum(path + ".firm", firm.expressions()),
        built);
  }

  /**
   * What the builders of one collection share: whether it is going on, and what it is inside of.
   */
  private static final class Session {
    private final Set<MemoryBounds> active = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> trail = new ArrayList<>();
    private boolean open = true;

    void enter(MemoryBounds bounds, String path) {
      if (active.size() == MAX_NESTING || !active.add(bounds)) {
        throw new BoundsCycleException(path, List.copyOf(trail));
      }
      trail.add(path);
    }

    void exit(MemoryBounds bounds) {
      active.remove(bounds);
      trail.removeLast();
    }
  }
}
