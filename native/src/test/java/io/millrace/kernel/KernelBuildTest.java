package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that compiles the kernel never fails, and leaves either a library or a reason. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KernelBuildTest {
  private static final Path SCRIPT = Path.of("src/main/c/build").toAbsolutePath();

  @TempDir Path folder;

  @BeforeEach
  void needsAShell() {
    assumeTrue(File.separatorChar == '/', "the script needs a shell");
  }

  @Test
  void saysThatThereIsNoCompiler() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : new String[] {"mkdir", "rm", "mv"}) {
      provide(bin, tool);
    }

    assertEquals(
        "no C compiler (cc, gcc, clang) was found when this was built",
        whyNot(Map.of("PATH", bin.toString(), "CC", "")));
  }

  private static void provide(Path bin, String tool) throws IOException {
    Path script =
        Files.writeString(bin.resolve(tool), "#!/bin/sh\nPATH=/bin:/usr/bin " + tool + " \"$@\"\n");
    assertTrue(script.toFile().setExecutable(true));
  }

  @Test
  void saysThatTheCompilerAskedForIsNotThere() throws Exception {
    assertEquals(
        "the C compiler that CC names was not found when this was built: CC=/no/such/cc -O1",
        whyNot(Map.of("CC", "/no/such/cc -O1")));
  }

  @Test
  void saysWhatTheCompilerSaidAndLeavesNothingOfIt() throws Exception {
    Path compiler = folder.resolve("broken-cc");
    Files.writeString(
        compiler,
        """
        #!/bin/sh
        echo In file included from somewhere: >&2
        echo "gather.c:22: fatal error: string.h: No such file" >&2
        : > native/linux-x86_64/libmillrace.so.new
        exit 1
        """);
    assertTrue(compiler.toFile().setExecutable(true));

    assertEquals(
        compiler + " failed when this was built: gather.c:22: fatal error: string.h: No such file",
        whyNot(Map.of("CC", compiler.toString())));
  }

  /** An old library must not outlive a build that could not make a new one. */
  private String whyNot(Map<String, String> environment) throws Exception {
    Path built = Files.createDirectories(folder.resolve("native/linux-x86_64"));
    Files.writeString(built.resolve("libmillrace.so"), "old");
    String output = run(environment);
    String reason = Files.readString(built.resolve("why-not.txt"));
    assertTrue(output.endsWith("gather kernel: not built, because " + reason), output);
    assertFalse(Files.exists(built.resolve("libmillrace.so")));
    assertFalse(Files.exists(built.resolve("libmillrace.so.new")));
    assertEquals(1, reason.lines().count(), reason);
    return reason.strip();
  }

  private String run(Map<String, String> environment) throws Exception {
    ProcessBuilder script =
        new ProcessBuilder("/bin/sh", SCRIPT.toString(), "Linux", "amd64", folder.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true);
    script.environment().putAll(environment);
    Process process = script.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
