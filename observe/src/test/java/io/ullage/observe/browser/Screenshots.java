package io.ullage.observe.browser;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Takes the pictures of docs from a running program: its status's URI and the folder to fill. */
public final class Screenshots {
  private static final int DESKTOP = 1180;
  private static final int PHONE = 390;
  private static final int MOST_HEIGHT = 2400;

  /** Long enough for the charts to have a shape. */
  private static final long WATCH_SECONDS = 20;

  private Screenshots() {}

  /** Takes them. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    URI server = URI.create(arguments[0]);
    Path folder = Files.createDirectories(Path.of(arguments[1]));
    try (Browser browser = Browser.open()) {
      browser.show(server, DESKTOP, 900, "light");
      browser.await(() -> browser.text("#state").startsWith("live"));
      TimeUnit.SECONDS.sleep(WATCH_SECONDS);
      browser.writePicture(folder.resolve("dashboard-light.png"), DESKTOP, MOST_HEIGHT);
      browser.run("const theme = document.getElementById('theme'); theme.click(); theme.click()");
      browser.writePicture(folder.resolve("dashboard-dark.png"), DESKTOP, MOST_HEIGHT);
      browser.run("document.getElementById('theme').click()");
      browser.show(server.resolve("/sizing"), DESKTOP, 700, "light");
      browser.run("document.querySelector('[data-component=\"queue\"]').open = true");
      browser.writePicture(folder.resolve("sizing-light.png"), DESKTOP, MOST_HEIGHT);
      browser.show(server, PHONE, 800, "dark");
      browser.await(() -> browser.text("#state").startsWith("live"));
      TimeUnit.SECONDS.sleep(WATCH_SECONDS / 4);
      browser.writePicture(folder.resolve("dashboard-narrow.png"), PHONE, 1600);
    }
  }
}
