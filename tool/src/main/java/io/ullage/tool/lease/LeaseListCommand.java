package io.ullage.tool.lease;

import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseView;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ullage lease list}: every key that a store knows. */
@Command(
    name = "list",
    description = {"List the leases of a store.", "With --json: one object for each key."})
final class LeaseListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private JsonOption json = new JsonOption();

  @Override
  public Integer call() throws IOException {
    List<LeaseView> views;
    try (LeaseStore opened = store.openExisting(spec)) {
      views = opened == null ? List.of() : opened.list();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      views.forEach(view -> out.println(JsonLine.of(fields(view))));
    } else {
      printTable(out, views);
    }
    out.flush();
    return ExitCode.OK;
  }

  /** The fields that scripts rely on. */
  static Map<String, @Nullable Object> fields(LeaseView view) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("key", view.key());
    fields.put("state", state(view));
    fields.put("token", view.token());
    fields.put("pid", view.pid());
    fields.put("alive", view.alive());
    fields.put("acquired_at", acquiredAt(view));
    fields.put("expires_in_ms", view.expiresIn().toMillis());
    fields.put("note", view.note());
    return fields;
  }

  private static String state(LeaseView view) {
    return view.state().name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String acquiredAt(LeaseView view) {
    return view.acquiredAt().equals(Instant.EPOCH) ? null : view.acquiredAt().toString();
  }

  private static void printTable(PrintWriter out, List<LeaseView> views) {
    int width = views.stream().mapToInt(view -> view.key().length()).max().orElse(0);
    for (LeaseView view : views) {
      out.printf(
          Locale.ROOT,
          "%-" + Math.max(1, width) + "s  %-9s  token %d",
          view.key(),
          state(view),
          view.token());
      if (view.pid() != 0) {
        out.printf(
            Locale.ROOT,
            "  pid %d%s  since %s  expires in %d ms%s",
            view.pid(),
            view.alive() ? "" : " (dead)",
            acquiredAt(view),
            view.expiresIn().toMillis(),
            view.note().isEmpty() ? "" : "  " + view.note());
      }
      out.println();
    }
  }
}
