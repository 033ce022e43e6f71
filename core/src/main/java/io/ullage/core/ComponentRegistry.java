package io.ullage.core;

import io.ullage.core.internal.Attribution;
import io.ullage.core.internal.BudgetLevel;
import io.ullage.core.internal.BudgetTree;
import io.ullage.core.internal.ComponentPath;
import io.ullage.core.internal.CounterFile;
import io.ullage.core.internal.CounterPublisher;
import io.ullage.core.internal.LevelIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The accounting of one program: its components, their budget, and the counter file that shows them
 * to other processes.
 *
 * <p>All methods may be called from any thread. After {@link #close()} nothing can be charged any
 * more; figures can still be read and bytes still be given back.
 */
public final class ComponentRegistry implements AutoCloseable {
  /** Guards the set of components; the version is written under it. */
  private final Object lock = new Object();

  private final BudgetTree budget;
  private final Component root;
  private final @Nullable Attribution attribution;
  private final List<AllocationSites> allocationSites = new CopyOnWriteArrayList<>();
  private final Map<String, Component> componentsByPath = new ConcurrentHashMap<>();
  private final List<StatusSource> statusSources = new CopyOnWriteArrayList<>();
  private final @Nullable CounterPublisher publisher;
  private volatile int structureVersion;
  private volatile @Nullable LevelIndex index;
  private volatile boolean closed;

  ComponentRegistry(ComponentRegistryBuilder builder, @Nullable CounterFile counterFile) {
    this.budget = new BudgetTree(System::nanoTime, builder.fence());
    this.attribution = builder.attribution();
    this.root = new Component(this, budget, ComponentPath.ROOT, null);
    componentsByPath.put(root.path(), root);
    root.setLimitBytes(builder.limitBytes());
    this.publisher =
        counterFile == null
            ? null
            : CounterPublisher.start(
                counterFile, () -> snapshot().components().values(), builder.publicationPeriod());
  }

  /**
   * Begins a registry.
   *
   * @return a builder with no limit and a counter file in the default place
   */
  public static ComponentRegistryBuilder builder() {
    return new ComponentRegistryBuilder();
  }

  /**
   * The component above all others.
   *
   * @return the root, whose path is {@code root}
   */
  public Component root() {
    return root;
  }

  /**
   * The component of this name, made with its parents when there is none yet.
   *
   * @param path segments of {@code [A-Za-z0-9_-]+} joined by dots, at most 380 bytes; {@code root}
   *     is the root
   * @return always the same component for the same path, until it is closed
   * @throws IllegalArgumentException naming the offending part of the path
   */
  public Component component(String path) {
    Component known = componentsByPath.get(path);
    if (known != null) {
      return known;
    }
    List<String> segments = ComponentPath.parse(path);
    synchronized (lock) {
      checkOpen();
      Component component = root;
      for (String segment : segments) {
        Component parent = component;
        component =
            componentsByPath.computeIfAbsent(
                ComponentPath.child(parent.path(), segment),
                p -> new Component(this, budget, p, parent));
      }
      structureVersion = structureVersion + 1;
      return component;
    }
  }

  /**
   * The component of this name, if it was made.
   *
   * @param path its dotted name
   * @return empty when there is none
   */
  public Optional<Component> find(String path) {
    return Optional.ofNullable(componentsByPath.get(path));
  }

  /**
   * All components.
   *
   * @return an immutable list: the root first, the others sorted by path
   */
  public List<Component> components() {
    SortedMap<String, Component> sorted = new TreeMap<>(componentsByPath);
    sorted.remove(ComponentPath.ROOT);
    List<Component> list = new ArrayList<>(sorted.size() + 1);
    list.add(root);
    list.addAll(sorted.values());
    return List.copyOf(list);
  }

  /**
   * The figures of all components now.
   *
   * @return a snapshot
   */
  public MemorySnapshot snapshot() {
    return new SnapshotReader(index()).read();
  }

  /**
   * The figures of all components at one instant. Threads that charge or discharge meanwhile wait
   * until it is done, about half a millisecond for 10,000 components; {@link #snapshot()} holds up
   * nobody.
   *
   * @return a snapshot that is exact
   */
  public MemorySnapshot exactSnapshot() {
    return budget.atRest(root.level(), () -> new SnapshotReader(index()).read());
  }

  /**
   * Sets charged memory beside the memory of the process.
   *
   * @return the figures now
   */
  public MemoryReconciliation reconcile() {
    return MemoryReconciliation.of(snapshot());
  }

  /**
   * Makes an allocator's knowledge of allocation sites known: the refusal to close a component that
   * still holds memory names them.
   *
   * @param sites who knows
   * @return takes it back when closed
   */
  public Registration register(AllocationSites sites) {
    checkOpen();
    allocationSites.add(sites);
    return () -> allocationSites.remove(sites);
  }

  /**
   * How threads and the budget share credit.
   *
   * @return which of the two ways this system and the JVM's options allow
   */
  public CreditPath creditPath() {
    return budget.isFenced() ? CreditPath.FENCED : CreditPath.COMPARE_AND_SET;
  }

  private LevelIndex index() {
    LevelIndex known = index;
    int version = structureVersion;
    if (known == null || known.version() != version) {
      SortedMap<String, BudgetLevel> levels = new TreeMap<>();
      componentsByPath.forEach((path, component) -> levels.put(path, component.level()));
      known = LevelIndex.of(version, levels);
      index = known;
    }
    return known;
  }

  /**
   * The file in which other processes can read the counters.
   *
   * @return empty when there is none
   */
  public Optional<Path> counterFile() {
    return publisher == null ? Optional.empty() : Optional.of(publisher.path());
  }

  /**
   * Writes all figures to the counter file now, instead of at the next period. Does nothing without
   * a file.
   */
  public void publishCounters() {
    if (publisher != null) {
      publisher.publish();
    }
  }

  /**
   * Makes a status source known to whoever shows the state of this program.
   *
   * @param source what to show
   * @return takes the source back when closed
   */
  public Registration register(StatusSource source) {
    checkOpen();
    statusSources.add(source);
    return () -> statusSources.remove(source);
  }

  /**
   * The status sources registered now.
   *
   * @return an immutable list in the order of registration
   */
  public List<StatusSource> statusSources() {
    return List.copyOf(statusSources);
  }

  /**
   * Ends the accounting: ends its thread and removes the counter file. Closing twice is harmless.
   */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      componentsByPath.values().forEach(Component::markClosed);
    }
    if (publisher != null) {
      publisher.close();
    }
  }

  @Nullable Attribution attribution() {
    return attribution;
  }

  /** Adds the cells of threads that have ended to the base cells of their components, now. */
  void foldEndedThreads() {
    budget.foldEndedThreads();
  }

  /** How many charges wait for room now. */
  int waitingCharges() {
    return budget.waitingCharges();
  }

  List<Component> childrenOf(Component parent) {
    return components().stream().filter(c -> c.parent().orElse(null) == parent).toList();
  }

  void remove(Component component) {
    synchronized (lock) {
      if (component == root) {
        throw new IllegalStateException("the root component cannot be closed; close the registry");
      }
      List<Component> children = childrenOf(component);
      if (!children.isEmpty()) {
        throw new IllegalStateException(
            "component " + component.path() + " still has children: " + children.getFirst().path());
      }
      long live = component.closeIfEmpty();
      if (live != 0) {
        throw new IllegalStateException(
            "component " + component.path() + " still has " + live + " bytes" + sitesOf(component));
      }
      componentsByPath.remove(component.path());
      structureVersion = structureVersion + 1;
    }
  }

  private String sitesOf(Component component) {
    List<String> sites = new ArrayList<>();
    allocationSites.forEach(known -> sites.addAll(known.liveSites(component)));
    return sites.isEmpty()
        ? "; no allocation site is known"
        : ", allocated at " + String.join("; ", sites);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("component registry is closed");
    }
  }
}
