package io.ullage.core.bounds;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.DeclaredBounds;
import io.ullage.core.Registration;
import io.ullage.core.StatusSource;
import io.ullage.core.bounds.internal.OverBoundsEvent;
import io.ullage.core.internal.FlightRecording;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Verified bounds that a registry's components know.
 *
 * <p>While it is open the registry has a status source of kind {@code bounds}. Closing takes that
 * back; limits and declarations stay. Thread-safe.
 */
public final class EnforcedBounds implements AutoCloseable {
  private final VerifiedBounds verified;
  private final List<Component> components;
  private final Set<String> flagged = ConcurrentHashMap.newKeySet();
  private final Registration registration;

  private EnforcedBounds(
      ComponentRegistry registry, VerifiedBounds verified, List<Component> components) {
    this.verified = verified;
    this.components = List.copyOf(components);
    this.registration = registry.register(new Status(this));
  }

  static EnforcedBounds install(VerifiedBounds verified, ComponentRegistry registry) {
    List<Component> components = new ArrayList<>();
    install(verified, verified.bounds(), registry, components);
    return new EnforcedBounds(registry, verified, components);
  }

  /** {@return the bounds} */
  public VerifiedBounds verified() {
    return verified;
  }

  /**
   * Looks now which components have reserved more than they declared, with all below them, and
   * commits a JFR event {@code io.ullage.OverBounds} for each that had not when this was called
   * before. A limiter calls this once a period, if it was told to; so does whoever asks for the
   * status. Costs what it takes to add up the cells of every component.
   *
   * @return their paths, sorted; in mode strict always empty, except while a limit was lowered
   *     below what was reserved before
   */
  public SortedSet<String> findOverBounds() {
    SortedSet<String> over = new TreeSet<>();
    for (Component component : components) {
      long reservedBytes = component.totalReservedBytes();
      long firmTotalBytes =
          component.declaredBounds().map(DeclaredBounds::totalFirmBytes).orElse(Long.MAX_VALUE);
      if (reservedBytes <= firmTotalBytes) {
        flagged.remove(component.path());
        continue;
      }
      over.add(component.path());
      if (flagged.add(component.path()) && FlightRecording.isPossible()) {
        new OverBoundsEvent(component.path(), firmTotalBytes, reservedBytes).commit();
      }
    }
    return Collections.unmodifiableSortedSet(over);
  }

  /** Takes the status source back. Closing twice is harmless. */
  @Override
  public void close() {
    registration.close();
  }

  private static void install(
      VerifiedBounds verified,
      ComponentBounds bounds,
      ComponentRegistry registry,
      List<Component> components) {
    Component component = registry.component(bounds.path());
    long firmTotalBytes =
        verified.firmTotals().getOrDefault(bounds.path(), bounds.totalFirmBytes());
    component.declareBounds(
        new DeclaredBounds(
            bounds.ownMinimumBytes(),
            bounds.ownMinimumBytes() + bounds.ownFirmBytes(),
            bounds.totalMinimumBytes(),
            firmTotalBytes));
    boolean isTop = component.parent().isEmpty();
    if (isTop) {
      component.setLimitBytes(verified.grant().effectiveLimitBytes());
    } else if (verified.mode() == VerificationMode.STRICT) {
      component.setLimitBytes(firmTotalBytes);
    }
    components.add(component);
    for (ComponentBounds below : bounds.subcomponents().values()) {
      install(verified, below, registry, components);
    }
  }

  /** What monitoring sees: grant, mode, violations, who is over, and the tree of expressions. */
  private record Status(EnforcedBounds enforced) implements StatusSource {
    @Override
    public String kind() {
      return "bounds";
    }

    @Override
    public String name() {
      return "bounds";
    }

    @Override
    public Map<String, Object> status() {
      VerifiedBounds verified = enforced.verified;
      Map<String, Object> status = new LinkedHashMap<>();
      status.put("mode", verified.mode().name().toLowerCase(Locale.ROOT));
      status.put("limit_bytes", verified.grant().initialLimitBytes());
      status.put("slop", verified.grant().slop());
      status.put("effective_limit_bytes", verified.grant().effectiveLimitBytes());
      status.put("over_bounds", List.copyOf(enforced.findOverBounds()));
      status.put(
          "violations", verified.violations().stream().map(BoundsViolation::toTree).toList());
      status.putAll(verified.bounds().toTree());
      return Collections.unmodifiableMap(status);
    }
  }
}
