package io.ullage.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComponentTokenTest {
  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final ComponentToken a = registry.component("a").token();
  private final ComponentToken b = registry.component("b").token();

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void nestsAndRestores() {
    assertThat(ComponentToken.current()).isEmpty();
    try (TokenScope _ = a.enter()) {
      assertThat(ComponentToken.current()).contains(a);
      try (TokenScope _ = b.enter()) {
        assertThat(ComponentToken.current()).contains(b);
      }
      assertThat(ComponentToken.current()).contains(a);
    }
    assertThat(ComponentToken.current()).isEmpty();
  }

  @Test
  void nestsDeeply() {
    nest(100);
    assertThat(ComponentToken.current()).isEmpty();
  }

  private void nest(int levels) {
    if (levels > 0) {
      try (TokenScope _ = a.enter()) {
        nest(levels - 1);
      }
    }
  }

  @Test
  void refusesAScopeClosedOutOfOrderOrTwice() {
    TokenScope outer = a.enter();
    TokenScope inner = b.enter();
    assertThatIllegalStateException()
        .isThrownBy(outer::close)
        .withMessageContaining("out of order");
    inner.close();
    assertThatIllegalStateException()
        .isThrownBy(inner::close)
        .withMessageContaining("closed already");
    try (TokenScope _ = b.enter()) {
      assertThatIllegalStateException()
          .isThrownBy(inner::close)
          .withMessageContaining("closed already");
      assertThat(ComponentToken.current()).contains(b);
    }
    outer.close();
    assertThat(ComponentToken.current()).isEmpty();
  }

  @Test
  void refusesAScopeClosedByAnotherThread() throws Exception {
    TokenScope scope = a.enter();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      assertThatThrownBy(() -> executor.submit(scope::close).get())
          .hasCauseInstanceOf(WrongThreadException.class);
    }
    scope.close();
  }

  @Test
  void travelsWithWrappedTasks() throws Exception {
    Callable<Optional<ComponentToken>> current = ComponentToken::current;
    try (ExecutorService pool = a.wrap(Executors.newSingleThreadExecutor());
        ExecutorService virtual = a.wrap(Executors.newVirtualThreadPerTaskExecutor())) {
      assertThat(pool.submit(current).get()).contains(a);
      assertThat(virtual.submit(current).get()).contains(a);
      assertThat(pool.submit(b.wrap(current)).get()).contains(b);
    }
    AtomicReference<Optional<ComponentToken>> seen = new AtomicReference<>(Optional.empty());
    a.wrap(Runnable::run).execute(() -> seen.set(ComponentToken.current()));
    assertThat(seen.get()).contains(a);
    Thread.ofVirtual().start(b.wrap(() -> seen.set(ComponentToken.current()))).join();
    assertThat(seen.get()).contains(b);
    assertThat(ComponentToken.current()).isEmpty();
  }

  @Test
  void letsTheInnermostOfScopeAndBindingWin() {
    try (TokenScope _ = a.enter()) {
      Optional<ComponentToken> inside =
          b.call(
              () -> {
                assertThat(ComponentToken.current()).contains(b);
                try (TokenScope _ = a.enter()) {
                  assertThat(ComponentToken.current()).contains(a);
                }
                return ComponentToken.current();
              });
      assertThat(inside).contains(b);
      assertThat(ComponentToken.current()).contains(a);
    }
    a.run(() -> assertThat(ComponentToken.current()).contains(a));
    assertThat(ComponentToken.current()).isEmpty();
  }
}
