package io.ullage.tool.lease;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Passes TERM and INT on to a process instead of dying of them, so that the lease is released after
 * the process has ended and not before. A signal that comes before there is a process waits for it.
 *
 * <p>The JDK's handlers ({@code sun.misc.Signal}) are reached by reflection: naming them in source
 * is a warning that no annotation silences.
 */
final class SignalForwarding implements AutoCloseable {
  private static final List<String> NAMES = List.of("TERM", "INT");

  private final Object lock = new Object();
  private final List<Integer> early = new ArrayList<>();
  private final List<Runnable> restorers = new ArrayList<>();
  private @Nullable Process process;

  private SignalForwarding() {}

  static SignalForwarding begin() throws ReflectiveOperationException {
    SignalForwarding forwarding = new SignalForwarding();
    for (String name : NAMES) {
      forwarding.install(name);
    }
    return forwarding;
  }

  private void install(String name) throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Method handle = signalType.getMethod("handle", signalType, handlerType);
    Object signal = signalType.getConstructor(String.class).newInstance(name);
    int number = (int) signalType.getMethod("getNumber").invoke(signal);
    InvocationHandler onSignal =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> proxy.hashCode() == Objects.hashCode(arguments[0]);
              case "toString" -> "forwarding of " + name;
              default -> {
                forward(number);
                yield null;
              }
            };
    Object handler =
        Proxy.newProxyInstance(
            SignalForwarding.class.getClassLoader(), new Class<?>[] {handlerType}, onSignal);
    Object before = handle.invoke(null, signal, handler);
    restorers.add(() -> restore(handle, signal, before));
  }

  private static void restore(Method handle, Object signal, @Nullable Object before) {
    try {
      handle.invoke(null, signal, before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void forward(int number) {
    synchronized (lock) {
      Process target = process;
      if (target == null) {
        early.add(number);
      } else {
        send(target, number);
      }
    }
  }

  /** Forwards to a process from now on. */
  void to(Process target) {
    synchronized (lock) {
      process = target;
      early.forEach(number -> send(target, number));
      early.clear();
    }
  }

  /** Sends a signal; to a process that has ended, none. */
  @SuppressWarnings("restricted") // jvm.options enables native access; kill(2) takes two numbers.
  static void send(Process target, int number) {
    if (!target.isAlive()) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle kill =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int refused = (int) kill.invokeExact((int) target.pid(), number);
      if (refused != 0 && target.isAlive()) {
        System.err.println(
            "ullage lease exec: signal " + number + " could not be sent to " + target.pid());
      }
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  /** Restores what the signals did before. */
  @Override
  public void close() {
    restorers.forEach(Runnable::run);
  }
}
