package io.ullage.observe.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.Registration;
import io.ullage.core.StatusSource;
import io.ullage.core.bounds.BoundsVerifier;
import io.ullage.core.bounds.ComponentBounds;
import io.ullage.core.bounds.MemoryGrant;
import io.ullage.core.bounds.UsageExpr;
import io.ullage.core.bounds.VerificationMode;
import io.ullage.core.bounds.VerifiedBounds;
import io.ullage.observe.SizingGuide;
import io.ullage.observe.StatusServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardIT {
  private static final int DESKTOP = 1180;
  private static final int PHONE = 390;

  private static @Nullable Browser shared;
  private ComponentRegistry registry;
  private VerifiedBounds bounds;
  private StatusServer server;

  private record Source(String kind, String name, Map<String, Object> status)
      implements StatusSource {}

  @BeforeAll
  static void openBrowser() {
    Optional<String> whyNot = Browser.orWhyNot();
    whyNot.ifPresent(why -> System.out.println("DashboardIT is skipped: " + why));
    assumeTrue(whyNot.isEmpty(), () -> "skipped: " + whyNot.orElseThrow());
    shared = Browser.open();
  }

  @AfterAll
  static void closeBrowser() {
    if (shared != null) {
      shared.close();
    }
  }

  private static Browser browser() {
    Browser open = shared;
    if (open == null) {
      throw new IllegalStateException("no browser");
    }
    return open;
  }

  @BeforeEach
  void start() throws IOException {
    ComponentBounds declared =
        ComponentBounds.of(
            root -> {
              root.subcomponent(
                  "app.source",
                  source -> {
                    source
                        .minimum()
                        .expression(
                            UsageExpr.product(
                                "buffers",
                                UsageExpr.config("connections", 4),
                                UsageExpr.config("buffer_bytes", 65_536)));
                    source.firm().fixed("bursts", 1 << 20);
                  });
              root.subcomponent("app.sink", sink -> sink.minimum().fixed("batch", 1 << 20));
            });
    bounds =
        new BoundsVerifier(declared, MemoryGrant.of(16 << 20, 0.05)).verify(VerificationMode.OFF);
    registry = ComponentRegistry.builder().withoutCounterFile().build();
    bounds.enforce(registry);
    registry.component("app.source").charge(3_000_000);
    registry.component("app.sink").charge(500_000);
    server = StatusServer.builder(registry).bounds(bounds).start();
  }

  @AfterEach
  void stop() {
    server.close();
    for (String path : List.of("app.source", "app.sink")) {
      registry
          .component(path)
          .discharge(registry.snapshot().figures(path).orElseThrow().own().usedBytes());
    }
    registry.close();
  }

  @Test
  void showsWhatTheProgramSaysAndFollowsIt() throws Exception {
    open(server.uri(), DESKTOP, "light");

    assertThat(browser().value("#total-used")).isEqualTo(3_500_000);
    assertThat(browser().value("#total-reserved")).isEqualTo(reserved("root"));
    assertThat(browser().text("[data-component=\"root\"] [data-field=\"firm\"]"))
        .isEqualTo("2.3 MiB");
    for (String path : List.of("root", "app", "app.source", "app.sink")) {
      String row = "[data-component=\"" + path + "\"] ";
      assertThat(browser().value(row + "[data-field=\"reserved\"]")).isEqualTo(reserved(path));
    }
    assertThat(browser().text("[data-component=\"app.source\"] .flag"))
        .isEqualTo("over its bounds");
    assertThat(browser().text("[data-component=\"app.sink\"] .flag")).isEmpty();

    registry.component("app.sink").charge(250_000);
    browser().await(() -> browser().value("#total-used") == 3_750_000);
    assertThat(browser().text("#total-used")).isEqualTo("3.6 MiB");
    browser()
        .await(() -> browser().number("return document.querySelectorAll('canvas').length") == 2);
    assertThat(browser().console()).isEmpty();
  }

  @Test
  void showsQueuesLeasesAndLeaksAsTheyComeAndGo() throws Exception {
    open(server.uri(), DESKTOP, "dark");
    assertThat(browser().text("#no-queues")).isNotEmpty();
    Registration queue = registry.register(new Source("queue", "in", queueStatus()));
    registry.register(
        new Source(
            "lease",
            "leases",
            Map.of(
                "held",
                1L,
                "leases",
                List.of(
                    Map.of("key", "k/1", "token", 7L, "remaining_ms", 9000L, "renewals", 2L)))));
    registry.register(
        new Source(
            "pool",
            "chunks",
            Map.of(
                "pool_bytes",
                4096L,
                "leaks_total",
                1L,
                "leaks",
                List.of(
                    Map.of(
                        "component", "app.sink", "kind", "owner_ended", "charged_bytes", 64L)))));

    browser().await(() -> !browser().text("[data-queue=\"in\"] h3").isEmpty());
    assertThat(browser().text("[data-queue=\"in\"] .muted"))
        .isEqualTo("9 entries, 3.0 KiB resident, 8.0 KiB spilled");
    browser().await(() -> browser().text("[data-lease=\"k/1\"]").contains("9.0 s"));
    browser().await(() -> browser().text("#leaks").contains("owner ended"));
    assertThat(browser().value("#total-pool")).isEqualTo(4096);
    assertThat(browser().value("#total-disk")).isEqualTo(8192);
    browser()
        .await(() -> browser().number("return document.querySelectorAll('canvas').length") == 4);

    queue.close();
    browser().await(() -> browser().text("[data-queue=\"in\"]").isEmpty());
    assertThat(browser().console()).isEmpty();
  }

  private static Map<String, Object> queueStatus() {
    return Map.ofEntries(
        Map.entry("entries", 9L),
        Map.entry("resident_bytes", 3072L),
        Map.entry("head_bytes", 1024L),
        Map.entry("spilling_bytes", 512L),
        Map.entry("spilled_bytes", 8192L),
        Map.entry("offered_bytes_total", 1L),
        Map.entry("polled_bytes_total", 1L),
        Map.entry("spilled_bytes_total", 1L),
        Map.entry("fetched_bytes_total", 1L),
        Map.entry("store_state", "ok"),
        Map.entry("store_message", ""));
  }

  @Test
  void everythingIsReachedByKeyboardAndNothingIsWiderThanAPhone() throws Exception {
    registry.register(new Source("queue", "in", queueStatus()));
    open(server.uri(), PHONE, "dark");
    browser().await(() -> !browser().text("[data-queue=\"in\"] h3").isEmpty());

    assertThat(browser().number("return document.documentElement.scrollWidth")).isEqualTo(PHONE);
    assertThat(
            browser()
                .number(
                    "return [...document.querySelectorAll('button:not([disabled]), a')]"
                        + ".filter((each) => each.tabIndex < 0).length"))
        .isZero();
    browser().run("document.querySelector('[data-component=\"app\"] button').focus()");
    browser().run("document.activeElement.click()");
    assertThat(
            browser().run("return document.querySelector('[data-component=\"app.sink\"]').hidden"))
        .isEqualTo(true);
    assertThat(browser().run("return document.activeElement.getAttribute('aria-expanded')"))
        .isEqualTo("false");
    browser().run("document.getElementById('theme').click()");
    assertThat(browser().text("#theme")).isEqualTo("Theme: light");
    assertThat(browser().console()).isEmpty();
  }

  @Test
  void saysSinceWhenTheProgramDoesNotAnswer() throws Exception {
    open(server.uri(), DESKTOP, "light");

    server.close();

    browser().await(() -> browser().text("#state").equals("no answer"));
    assertThat(browser().text("#notice")).contains("has not answered since", "last figures");
    assertThat(browser().value("#total-used")).isEqualTo(3_500_000);
    browser().console(); // Chromium itself logs each refused connection.
  }

  @Test
  void theSizingGuideComputesWhatTheLibraryComputes(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("sizing.html");
    SizingGuide.of(bounds).writeTo(file);
    for (URI page : List.of(server.uri().resolve("/sizing"), file.toUri())) {
      browser().show(page, DESKTOP, 900, "light");
      assertVerdict(bounds.bounds(), bounds.grant());

      type("setting-connections", "300");
      ComponentBounds changed = bounds.bounds().withConfiguration(Map.of("connections", 300L));
      assertVerdict(changed, bounds.grant());
      assertThat(browser().text("#verdict strong")).isEqualTo("It does not start");
      assertThat(browser().value("[data-component=\"app.source\"] .firm-total"))
          .isEqualTo(changed.find("app.source").orElseThrow().totalFirmBytes());

      type("slop", "0.123456789");
      type("limit", "9007199254740993");
      assertVerdict(changed, MemoryGrant.of(9_007_199_254_740_993L, 0.123456789));
      assertThat(browser().text("#verdict strong")).isEqualTo("It fits");
      type("setting-buffer_bytes", "9223372036854775807");
      assertThat(browser().text("#verdict strong")).isEqualTo("It overflows");

      browser().run("document.getElementById('reset').click()");
      assertVerdict(bounds.bounds(), bounds.grant());
      browser().run("document.querySelectorAll('details').forEach((each) => (each.open = true))");
      assertThat(browser().text("[data-component=\"app.source\"] .expression"))
          .contains("product", "buffers", "262144", "setting", "connections");
      assertThat(browser().console()).isEmpty();
    }
  }

  private static void assertVerdict(ComponentBounds expected, MemoryGrant grant) {
    String verdict = "return document.getElementById('verdict').dataset.";
    assertThat(browser().run(verdict + "minimum"))
        .isEqualTo(Long.toString(expected.totalMinimumBytes()));
    assertThat(browser().run(verdict + "firm")).isEqualTo(Long.toString(expected.totalFirmBytes()));
    assertThat(browser().run(verdict + "effective"))
        .isEqualTo(Long.toString(grant.effectiveLimitBytes()));
  }

  private static void type(String field, String value) {
    browser()
        .run(
            "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
                + "field.dispatchEvent(new Event('input'))",
            field,
            value);
  }

  private void open(URI page, int width, String scheme) throws InterruptedException {
    browser().show(page, width, 900, scheme);
    browser().await(() -> browser().text("#state").startsWith("live"));
  }

  private long reserved(String path) {
    return registry.snapshot().figures(path).orElseThrow().total().reservedBytes();
  }
}
