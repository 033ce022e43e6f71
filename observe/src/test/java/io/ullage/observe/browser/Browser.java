package io.ullage.observe.browser;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium of this machine. Where there is none, {@link #orWhyNot()} says so, and on a
 * CI machine that is a failure: the tests must not be left out there.
 */
final class Browser implements AutoCloseable {
  private static final List<Path> BROWSERS =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Why there is no browser here; empty when there is one. */
  static Optional<String> orWhyNot() {
    if (browser().isPresent() && Files.isExecutable(DRIVER)) {
      return Optional.empty();
    }
    String why = "Chromium or its driver is missing (apt-get install chromium chromium-driver)";
    if (Objects.equals(System.getenv("CI"), "true")) {
      throw new AssertionError(why + ", and CI is true: .ci/run installs it");
    }
    return Optional.of(why);
  }

  private static Optional<Path> browser() {
    return BROWSERS.stream().filter(Files::isExecutable).findFirst();
  }

  static Browser open() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser().orElseThrow().toFile());
    // Root, as whom CI runs, has no sandbox of Chromium's.
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    options.addArguments("--disable-dev-shm-usage", "--no-first-run", "--disable-extensions");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  void show(URI page, int width, int height, String scheme) {
    size(width, height);
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    driver.get(page.toString());
  }

  private void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  String text(String selector) {
    return String.valueOf(
        run("return document.querySelector(arguments[0])?.textContent ?? ''", selector));
  }

  /** The whole figure behind what an element shows. */
  long value(String selector) {
    return Long.parseLong(
        String.valueOf(run("return document.querySelector(arguments[0]).dataset.value", selector)));
  }

  long number(String script) {
    return ((Number) Objects.requireNonNull(run(script))).longValue();
  }

  /** Waits until something is so; JUnit's timeout is the bound. */
  void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(20);
    }
  }

  /** What the page logged since this was asked before, refusals by its policy included. */
  List<String> console() {
    List<String> messages = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      messages.add(entry.getLevel() + " " + entry.getMessage());
    }
    return messages;
  }

  /** Writes the page as it is, in its whole height, as PNG. */
  void writePicture(Path file, int width, int mostHeight) throws IOException {
    size(width, (int) Math.min(mostHeight, number("return document.documentElement.scrollHeight")));
    // Two frames: one in which the charts learn of their new size, one in which they are drawn.
    driver.executeAsyncScript(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))");
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
