package io.ullage.observe;

import io.ullage.core.ComponentFigures;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemorySnapshot;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A registry in the platform's MBean server, as {@code io.ullage:type=ComponentRegistry,name=NAME}.
 * Thread-safe; {@link #close()} takes it out again.
 */
public final class JmxRegistration implements AutoCloseable {
  private final MBeanServer server;
  private final ObjectName name;

  private JmxRegistration(MBeanServer server, ObjectName name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Registers a registry.
   *
   * @param registry whose figures
   * @param name which one of this JVM it is
   * @return takes it back when closed
   * @throws IllegalArgumentException when another one has that name
   */
  public static JmxRegistration of(ComponentRegistry registry, String name) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName objectName =
          new ObjectName("io.ullage:type=ComponentRegistry,name=" + ObjectName.quote(name));
      server.registerMBean(new View(registry), objectName);
      return new JmxRegistration(server, objectName);
    } catch (InstanceAlreadyExistsException taken) {
      throw new IllegalArgumentException(
          "name is '" + name + "', allowed are names that no other registry has", taken);
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Under which name it is registered.
   *
   * @return the object name
   */
  public ObjectName name() {
    return name;
  }

  /** Takes the registry out. Closing twice is harmless. */
  @Override
  public void close() {
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException closedBefore) {
      return;
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private record View(ComponentRegistry registry) implements ComponentRegistryMXBean {
    private ComponentFigures root() {
      return registry.snapshot().figures("root").orElseThrow();
    }

    @Override
    public long getLimitBytes() {
      return ComponentUsage.of(root()).limitBytes();
    }

    @Override
    public long getReservedBytes() {
      return root().total().reservedBytes();
    }

    @Override
    public long getPeakReservedBytes() {
      return root().peakReservedBytes();
    }

    @Override
    public long getUsedBytes() {
      return root().total().usedBytes();
    }

    @Override
    public long getExternalBytes() {
      return root().total().externalBytes();
    }

    @Override
    public long getRefusals() {
      return root().total().refusals();
    }

    @Override
    public long getBackpressureNanos() {
      return root().total().backpressureNanos();
    }

    @Override
    public String getCounterFile() {
      return registry.counterFile().map(Path::toString).orElse("");
    }

    @Override
    public SortedMap<String, ComponentUsage> getComponents() {
      MemorySnapshot snapshot = registry.snapshot();
      SortedMap<String, ComponentUsage> components = new TreeMap<>();
      snapshot.components().forEach((path, each) -> components.put(path, ComponentUsage.of(each)));
      return components;
    }
  }
}
