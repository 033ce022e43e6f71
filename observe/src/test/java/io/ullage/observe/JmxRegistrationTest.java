package io.ullage.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.core.ComponentRegistry;
import java.lang.management.ManagementFactory;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

class JmxRegistrationTest {
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  @Test
  void showsTotalsAndEveryComponent() throws Exception {
    try (ComponentRegistry registry =
            ComponentRegistry.builder().withoutCounterFile().limitBytes(1000).build();
        JmxRegistration registration = JmxRegistration.of(registry, "main")) {
      registry.component("a.b").charge(100);

      ComponentRegistryMXBean bean =
          JMX.newMXBeanProxy(server, registration.name(), ComponentRegistryMXBean.class);
      assertThat(bean.getLimitBytes()).isEqualTo(1000);
      assertThat(bean.getUsedBytes()).isEqualTo(100);
      assertThat(bean.getReservedBytes()).isGreaterThanOrEqualTo(100);
      assertThat(bean.getPeakReservedBytes()).isGreaterThanOrEqualTo(100);
      assertThat(bean.getExternalBytes()).isZero();
      assertThat(bean.getRefusals()).isZero();
      assertThat(bean.getBackpressureNanos()).isZero();
      assertThat(bean.getCounterFile()).isEmpty();
      TabularData components = (TabularData) server.getAttribute(registration.name(), "Components");
      CompositeData row = (CompositeData) components.get(new Object[] {"a"}).get("value");
      assertThat(row.get("usedBytes")).isEqualTo(100L);
      assertThat(row.get("ownUsedBytes")).isEqualTo(0L);
      assertThat(row.get("limitBytes")).isEqualTo(-1L);
      assertThat(row.get("overBounds")).isEqualTo(false);

      registry.component("a.b").discharge(100);
    }
  }

  @Test
  void refusesANameThatIsTakenAndGivesItBack() {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      JmxRegistration first = JmxRegistration.of(registry, "a:b,c=*");
      assertThatThrownBy(() -> JmxRegistration.of(registry, "a:b,c=*"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("name is 'a:b,c=*', allowed are names that no other registry has");
      first.close();
      first.close();
      JmxRegistration.of(registry, "a:b,c=*").close();
    }
  }
}
