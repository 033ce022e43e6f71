import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.TokenScope;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Subtask;

/**
 * Structured scopes are a preview in JDK 25, so this file is compiled by the JVM that runs it: see
 * StructuredInheritanceIT.
 */
public final class StructuredInheritance {
  public static void main(String[] arguments) throws Exception {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      ComponentToken bound = registry.component("bound").token();
      ComponentToken entered = registry.component("entered").token();
      bound.call(
          () -> {
            fork("inherited");
            try (TokenScope _ = entered.enter()) {
              System.out.println("parent " + current());
            }
            return null;
          });
      bound.call(
          () -> {
            try (var scope = StructuredTaskScope.open()) {
              Subtask<String> subtask =
                  scope.fork(
                      () -> {
                        try (TokenScope _ = entered.enter()) {
                          return current();
                        }
                      });
              scope.join();
              System.out.println("inner " + subtask.get());
            }
            return null;
          });
      fork("outside");
    }
  }

  private static void fork(String what) throws InterruptedException {
    try (var scope = StructuredTaskScope.open()) {
      Subtask<String> subtask = scope.fork(StructuredInheritance::current);
      scope.join();
      System.out.println(what + " " + subtask.get());
    }
  }

  private static String current() {
    return ComponentToken.current().map(token -> token.component().path()).orElse("none");
  }
}
