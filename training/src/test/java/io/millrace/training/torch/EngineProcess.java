package io.millrace.training.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the engine in a JVM of its own and prints what the C library then does. */
final class EngineProcess {
  /** A property by which the thread that starts the engine has a foreign context class loader. */
  static final String FOREIGN = "millrace.test.foreign";

  private static final long LARGE = 40 << 20;
  private static final long MAPPED_ALONE = 2; // a flag in glibc's header of a piece of memory

  private EngineProcess() {}

  /**
   * Prints the variable as the C library has it, what Millrace says of it, whether the C library
   * maps large memory piece by piece, and what Millrace says of that.
   */
  public static void main(String[] args) throws Throwable {
    if (Boolean.getBoolean(FOREIGN)) {
      Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0], null));
    }
    TorchEngine.start();
    System.out.println(WaitPolicy.VARIABLE + "=" + environment(WaitPolicy.VARIABLE));
    System.out.println(TorchEngine.idleThreads());
    System.out.println("mapped alone: " + isMappedAlone());
    System.out.println(TorchEngine.freedMemory());
  }

  /**
   * The lines that such a JVM prints.
   *
   * @param variables set in its environment; those that Millrace looks at are not there otherwise
   */
  static List<String> lines(Map<String, String> variables, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    boolean denied = List.of(flags).contains("--illegal-native-access=deny");
    if (!denied) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Dai.djl.offline=true", "-DOPT_OUT_TRACKING=true"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.addAll(List.of(flags));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), EngineProcess.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(
            it ->
                it.equals(WaitPolicy.VARIABLE)
                    || it.startsWith("MALLOC_")
                    || it.equals("GLIBC_TUNABLES"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(denied ? 1 : 0, process.waitFor(), output);
    return output.lines().filter(line -> !line.startsWith("WARNING")).toList();
  }

  private static String environment(String name) throws Throwable {
    MemorySegment found =
        (MemorySegment)
            function("getenv", FunctionDescriptor.of(ADDRESS, ADDRESS))
                .invokeExact(Arena.global().allocateFrom(name));
    return found.address() == 0 ? null : at(found.address(), Long.MAX_VALUE).getString(0);
  }

  private static boolean isMappedAlone() throws Throwable {
    MemorySegment memory =
        (MemorySegment)
            function("malloc", FunctionDescriptor.of(ADDRESS, JAVA_LONG)).invokeExact(LARGE);
    long size = at(memory.address() - Long.BYTES, Long.BYTES).get(JAVA_LONG, 0);
    function("free", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(memory);
    return (size & MAPPED_ALONE) != 0;
  }

  @SuppressWarnings("restricted")
  private static MemorySegment at(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
