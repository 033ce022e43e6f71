package io.ullage.core.bounds.internal;

import io.ullage.core.bounds.BinarySize;
import io.ullage.core.bounds.BoundsViolation;
import io.ullage.core.bounds.BoundsViolation.Kind;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.MemoryGrant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One verification: shares the effective limit out down the tree and compares each component's
 * needs with its share.
 */
public final class BoundsCheck {
  private final ComponentBounds root;
  private final MemoryGrant grant;
  private final Map<String, Long> caps;
  private final SortedMap<String, Long> firmTotals = new TreeMap<>();
  private final List<BoundsViolation> violations = new ArrayList<>();

  /** Makes the check; the caps are by path and each names a component of the bounds. */
  public BoundsCheck(ComponentBounds root, MemoryGrant grant, Map<String, Long> caps) {
    this.root = root;
    this.grant = grant;
    this.caps = Map.copyOf(caps);
    collectFirmTotals(root);
  }

  /** Returns each component's firm total after caps, by path. */
  public SortedMap<String, Long> firmTotals() {
    return Collections.unmodifiableSortedMap(firmTotals);
  }

  /** Returns every violation, the top first, then by path. */
  public List<BoundsViolation> violations() {
    violations.clear();
    long effectiveBytes = grant.effectiveLimitBytes();
    checkCaps(root);
    checkShare(root, effectiveBytes, false);
    Comparator<BoundsViolation> topFirst =
        Comparator.comparing(violation -> !violation.path().equals(ComponentBounds.ROOT));
    violations.sort(
        topFirst.thenComparing(BoundsViolation::path).thenComparing(BoundsViolation::kind));
    return List.copyOf(violations);
  }

  private long collectFirmTotals(ComponentBounds bounds) {
    long total = bounds.ownMinimumBytes() + bounds.ownFirmBytes();
    for (ComponentBounds below : bounds.subcomponents().values()) {
      total += collectFirmTotals(below);
    }
    long capped = Math.min(total, caps.getOrDefault(bounds.path(), Long.MAX_VALUE));
    firmTotals.put(bounds.path(), capped);
    return capped;
  }

  private long firmTotal(ComponentBounds bounds) {
    return firmTotals.getOrDefault(bounds.path(), bounds.totalFirmBytes());
  }

  private void checkCaps(ComponentBounds bounds) {
    long firmTotal = firmTotal(bounds);
    if (bounds.totalMinimumBytes() > firmTotal) {
      String remedy = "raise the cap of its firm total to its minimum" + orLower(bounds, false);
      report(Kind.MINIMUM_OVER_FIRM, bounds, bounds.totalMinimumBytes(), firmTotal, remedy);
    }
    bounds.subcomponents().values().forEach(this::checkCaps);
  }

  private long uncappedTotal(ComponentBounds bounds, List<ComponentBounds> below) {
    long total = bounds.ownMinimumBytes() + bounds.ownFirmBytes();
    for (ComponentBounds each : below) {
      total += firmTotal(each);
    }
    return total;
  }

  /**
   * Below a cap that bites, firm totals do not fit on purpose: only minimums are compared there.
   */
  private void checkShare(ComponentBounds bounds, long shareBytes, boolean belowCap) {
    boolean leads = isTop(bounds);
    boolean declares = bounds.ownMinimumBytes() + bounds.ownFirmBytes() > 0;
    if (leads || declares) {
      checkNeeds(bounds, shareBytes, belowCap);
    }
    if (bounds.subcomponents().isEmpty()) {
      return;
    }
    List<ComponentBounds> below = new ArrayList<>(bounds.subcomponents().values());
    long[] minimums = new long[below.size() + 1];
    long[] onTop = new long[below.size() + 1];
    minimums[0] = bounds.ownMinimumBytes();
    onTop[0] = bounds.ownFirmBytes();
    for (int i = 0; i < below.size(); i++) {
      minimums[i + 1] = below.get(i).totalMinimumBytes();
      onTop[i + 1] = Math.max(0, firmTotal(below.get(i)) - minimums[i + 1]);
    }
    boolean capBites = firmTotal(bounds) < uncappedTotal(bounds, below);
    long[] shares = Apportionment.divideOverNeeds(shareBytes, minimums, onTop);
    for (int i = 0; i < below.size(); i++) {
      checkShare(below.get(i), shares[i + 1], belowCap || capBites);
    }
  }

  private void checkNeeds(ComponentBounds bounds, long shareBytes, boolean belowCap) {
    long minimum = bounds.totalMinimumBytes();
    long firm = Math.max(minimum, firmTotal(bounds));
    if (isTop(bounds) && shareBytes == 0) {
      long needed = Math.max(1, minimum);
      report(Kind.ZERO_GRANT, bounds, needed, 0, "grant at least " + limitFor(needed));
    } else if (minimum > shareBytes) {
      // A share below a minimum means that not all minimums fit: the program as a whole lacks
      // bytes.
      String remedy = "grant at least " + limitFor(root.totalMinimumBytes()) + " in all";
      report(Kind.MINIMUM_OVER_LIMIT, bounds, minimum, shareBytes, remedy + orLower(bounds, false));
    } else if (firm > shareBytes && !belowCap) {
      long wanted = Math.max(root.totalMinimumBytes(), firmTotal(root));
      String remedy = "grant at least " + limitFor(wanted) + " in all";
      report(Kind.FIRM_OVER_LIMIT, bounds, firm, shareBytes, remedy + orLower(bounds, true));
    }
  }

  private static boolean isTop(ComponentBounds bounds) {
    return bounds.path().equals(ComponentBounds.ROOT);
  }

  private void report(Kind kind, ComponentBounds bounds, long needed, long there, String remedy) {
    violations.add(new BoundsViolation(kind, bounds.path(), needed, there, remedy));
  }

  private String limitFor(long effectiveBytes) {
    String limit = BinarySize.formatExact(grant.initialLimitFor(effectiveBytes));
    return grant.slop() == 0 ? limit : limit + " (before a slop of " + grant.slop() + ")";
  }

  /** Names the settings that make the need, here and below, or the declarations if none does. */
  private static String orLower(ComponentBounds bounds, boolean withFirm) {
    SortedMap<String, Long> settings = new TreeMap<>();
    collectSettings(bounds, withFirm, settings);
    return settings.isEmpty()
        ? ", or declare less for it"
        : ", or lower " + String.join(" or ", settings.keySet());
  }

  private static void collectSettings(
      ComponentBounds bounds, boolean withFirm, SortedMap<String, Long> settings) {
    Evaluation.collectSettings(bounds.minimum(), settings);
    if (withFirm) {
      Evaluation.collectSettings(bounds.firm(), settings);
    }
    bounds.subcomponents().values().forEach(below -> collectSettings(below, withFirm, settings));
  }
}
