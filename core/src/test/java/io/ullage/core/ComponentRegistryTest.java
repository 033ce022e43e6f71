package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentRegistryTest {
  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void makesAComponentWithItsParentsOnce() {
    Component c = registry.component("a.b.c");

    assertThat(registry.component("a.b.c")).isSameAs(c);
    assertThat(c.path()).isEqualTo("a.b.c");
    assertThat(c.name()).isEqualTo("c");
    assertThat(c.parent()).contains(registry.component("a.b"));
    assertThat(registry.component("a").parent()).contains(registry.root());
    assertThat(registry.root().path()).isEqualTo("root");
    assertThat(registry.component("root")).isSameAs(registry.root());
    assertThat(registry.root().parent()).isEmpty();
    assertThat(registry.component("a").children()).containsExactly(registry.component("a.b"));
  }

  @Test
  void listsTheRootFirstAndTheOthersSorted() {
    registry.component("z");
    registry.component("a.b");

    assertThat(registry.components())
        .extracting(Component::path)
        .containsExactly("root", "a", "a.b", "z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "a.", ".a", "a..b", "a b", "a.b/c", "ä", "a.root\u0000", "root.a"})
  void refusesANameThatBreaksTheGrammar(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registry.component(path))
        .withMessageContaining(path);
    assertThat(registry.components()).containsExactly(registry.root());
  }

  @Test
  void namesTheOffendingSegment() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registry.component("good.b$d.good"))
        .withMessageContaining("\"b$d\"");
  }

  @Test
  void takesAPathOf380BytesAndNoLonger() {
    String longest = "a".repeat(380);

    assertThat(registry.component(longest).path()).isEqualTo(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registry.component(longest + "a"))
        .withMessageContaining("381")
        .withMessageContaining("380");
  }

  @Test
  void removesAnEmptyComponentAndMakesItAnewLater() {
    Component c = registry.component("a");
    c.close();
    c.close();

    assertThat(registry.find("a")).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> c.tryCharge(1))
        .withMessageContaining("a is closed");
    assertThat(registry.component("a")).isNotSameAs(c);
  }

  @Test
  void keepsAComponentThatHasBytesOrChildren() {
    Component parent = registry.component("a");
    Component child = registry.component("a.b");
    child.charge(10);

    assertThatIllegalStateException().isThrownBy(child::close).withMessageContaining("10 bytes");
    assertThatIllegalStateException().isThrownBy(parent::close).withMessageContaining("a.b");
    assertThatIllegalStateException().isThrownBy(registry.root()::close);
    child.charge(1);
    child.discharge(11);
    child.close();
    parent.close();
    assertThat(registry.components()).containsExactly(registry.root());
  }

  @Test
  void namesTheSitesItKnowsWhenItKeepsAComponentThatHasBytes() {
    Component leaking = registry.component("leaking");
    leaking.charge(10);
    try (Registration _ =
        registry.register(
            (AllocationSites)
                component ->
                    component.equals(leaking)
                        ? List.of("Parser.read(Parser.java:7)")
                        : List.of())) {
      assertThatIllegalStateException()
          .isThrownBy(leaking::close)
          .withMessageContaining("10 bytes")
          .withMessageContaining("Parser.read(Parser.java:7)");
    }
    assertThatIllegalStateException()
        .isThrownBy(leaking::close)
        .withMessageContaining("10 bytes")
        .withMessageNotContaining("Parser");
    leaking.discharge(10);
    leaking.close();
  }

  @Test
  void refusesEverythingNewAfterCloseButTakesBytesBack() {
    Component c = registry.component("a");
    c.charge(10);
    registry.close();

    assertThatIllegalStateException().isThrownBy(() -> registry.component("b"));
    assertThatIllegalStateException().isThrownBy(() -> c.charge(1));
    assertThatIllegalStateException().isThrownBy(() -> c.tryCharge(1));
    c.discharge(10);
    assertThat(registry.root().totalReservedBytes()).isZero();
  }
}
