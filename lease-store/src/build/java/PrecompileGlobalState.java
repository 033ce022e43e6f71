import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import net.openhft.chronicle.values.ValueModel;

/**
 * Run by the build: has Chronicle Values write the one class that Chronicle Map would otherwise
 * generate and compile whenever a JVM first opens a map, and compiles it into the module's classes.
 * Chronicle looks for a class of that name before it compiles one. This saves half of the time of a
 * first open, and the need for a Java compiler at run time.
 */
final class PrecompileGlobalState {
  private static final String VALUE = "net.openhft.chronicle.hash.VanillaGlobalMutableState";

  private PrecompileGlobalState() {}

  /** Arguments: the folder for classes, a folder for the source. */
  public static void main(String[] args) throws Exception {
    Class<?> value = Class.forName(VALUE);
    String name = value.getSimpleName() + ValueModel.$$NATIVE;
    Path source = Path.of(args[1], name + ".java");
    Path compiled = Path.of(args[0], value.getPackageName().replace('.', '/'), name + ".class");
    if (Files.exists(compiled)) {
      return;
    }
    Method generator =
        Class.forName("net.openhft.chronicle.values.Generators")
            .getDeclaredMethod("generateNativeClass", ValueModel.class, String.class);
    generator.setAccessible(true);
    Files.createDirectories(source.getParent());
    Files.writeString(source, (String) generator.invoke(null, ValueModel.acquire(value), name));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int failed =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-nowarn",
            "-g:none",
            "-d",
            args[0],
            "-cp",
            System.getProperty("java.class.path"),
            source.toString());
    if (failed != 0) {
      throw new IllegalStateException("cannot compile " + source);
    }
  }
}
