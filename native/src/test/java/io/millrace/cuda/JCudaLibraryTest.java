package io.millrace.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose native code runs when CUDA is asked for. */
class JCudaLibraryTest {
  private static final String LIBRARY =
      "libJCudaRuntime-" + JCudaLibrary.VERSION + "-linux-x86_64.so";

  /** Says that it was run, in the name of what the file stands for. */
  private static final String STRANGER =
      """
      #include <stdio.h>
      __attribute__((constructor)) static void loaded(void) { puts("a stranger's code ran"); fflush(stdout); }
      """;

  @TempDir private Path folder;
  private Path temporary;

  @BeforeEach
  void isForLinux() throws IOException {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    assumeTrue(System.getProperty("os.arch").equals("amd64"));
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  private void compile(Path library, String source) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "needs a C compiler");
    Path code = Files.writeString(folder.resolve("source.c"), source);
    List<String> command =
        List.of("cc", "-shared", "-fPIC", "-w", "-o", library.toString(), code.toString());
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  /** What a JVM prints for which that is the temporary folder. */
  private String probe() throws Exception {
    return probe(System.getProperty("java.class.path"));
  }

  private String probe(String classPath) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            classPath,
            ProbeProcess.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", folder.toString());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private void aDriverIsThere() throws Exception {
    compile(folder.resolve("libcuda.so.1"), "int nothing;");
  }

  @Test
  @Tag("exhaustive")
  void runsNothingThatAnotherUserPutIntoTheTemporaryFolder() throws Exception {
    aDriverIsThere();
    compile(temporary.resolve(LIBRARY), STRANGER);

    String output = probe();

    assertFalse(output.contains("a stranger's code ran"), output);
    assertTrue(output.contains("cudaError"), "JCuda itself answers: " + output);
  }

  @Test
  @Tag("exhaustive")
  void aLibraryThatWasCutShortIsNotLoaded() throws Exception {
    aDriverIsThere();
    try (InputStream library = JCudaLibraryTest.class.getResourceAsStream("/lib/" + LIBRARY)) {
      Files.write(temporary.resolve(LIBRARY), library.readNBytes(500_000));
    }
    assertTrue(probe().contains("cudaError"), "as if it were not there");
  }

  @Test
  void saysThatJCudaIsNotOnTheClassPath() throws Exception {
    aDriverIsThere();
    String without =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("jcuda"))
            .collect(Collectors.joining(File.pathSeparator));

    String output = probe(without);

    assertTrue(output.contains("CUDA needs the library jcuda on the class path"), output);
  }

  @Test
  void unpacksNothingWhereThereIsNoDriver() throws Exception {
    assumeTrue(
        CudaProbe.run() instanceof CudaProbe.Unusable(String why) && why.contains("libcuda"));

    String output = probe();

    assertTrue(output.contains("no NVIDIA driver: libcuda.so.1 cannot be loaded"), output);
    assertFalse(Files.exists(folder.resolve("cache")));
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(0, files.count());
    }
  }
}
