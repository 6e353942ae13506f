package io.millrace.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** In which locale the script that starts the command starts Java, and when it does not. */
@DisabledOnOs(OS.WINDOWS)
class StartScriptTest {
  private static final Path SCRIPT =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory"), "build", "start");

  @TempDir private Path folder;
  private String charmap = "UTF-8";

  @Test
  void readsPathsOutsideAsciiWhereNoLocaleIsSet() throws Exception {
    assertEquals("C.UTF-8", localeOfJava(Map.of()));
    assertEquals("C.UTF-8", localeOfJava(Map.of("LANG", "C")));
    assertEquals("C.UTF-8", localeOfJava(Map.of("LANG", "de_DE.UTF-8", "LC_ALL", "POSIX")));
  }

  @Test
  void keepsTheLocaleOfTheUser() throws Exception {
    assertEquals("", localeOfJava(Map.of("LANG", "tr_TR.UTF-8")));
    assertEquals("", localeOfJava(Map.of("LANG", "C", "LC_CTYPE", "de_DE.ISO-8859-1")));
    assertEquals("en_GB.UTF-8", localeOfJava(Map.of("LC_ALL", "en_GB.UTF-8")));
  }

  @Test
  void aLocaleThatIsNotInstalledCountsAsNone() throws Exception {
    charmap = "ANSI_X3.4-1968";
    assertEquals("C.UTF-8", localeOfJava(Map.of("LANG", "tr_TR.UTF-8")));
    assertEquals("C.UTF-8", localeOfJava(Map.of("LC_ALL", "en_GB.UTF-8")));
  }

  @Test
  void saysInOneLineThatALimitOfVirtualMemoryIsTooSmallForJava() throws Exception {
    assumeTrue(Files.exists(SCRIPT));
    Path java = script("java", "for last; do :; done; [ $last != -version ]");
    String limited = "ulimit -v 4000000 && bash \"$0\" \"$1\" lib bench doctor";
    Process process =
        new ProcessBuilder("bash", "-c", limited, SCRIPT.toString(), java.toString()).start();
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor(), error);
    assertEquals(
        "millrace: Java cannot start within the limit of virtual memory (ulimit -v):"
            + " limitKiB=4000000\n",
        error);
  }

  @Test
  void serverRunsWithACollectorThatDoesNotPauseAndTheRestWithTheFastest() throws Exception {
    String arguments = "echo -n \"$*\"";
    assertTrue(outputOfJava(arguments, Map.of(), "train").contains("-XX:+UseParallelGC"));
    assertTrue(outputOfJava(arguments, Map.of(), "bench", "epoch").contains("-XX:+UseParallelGC"));
    assertTrue(outputOfJava(arguments, Map.of(), "serve", "data").contains("-XX:+UseZGC"));
    assertTrue(outputOfJava(arguments, Map.of(), "bench", "serve").contains("-XX:+UseZGC"));
  }

  private String localeOfJava(Map<String, String> locale) throws Exception {
    return outputOfJava("echo -n \"$LC_ALL\"", locale, "doctor");
  }

  /** Java is a script here, and so is {@code locale}. */
  private String outputOfJava(String script, Map<String, String> locale, String... args)
      throws Exception {
    assumeTrue(Files.exists(SCRIPT));
    Path java = script("java", script);
    script("locale", "echo " + charmap);
    List<String> command =
        new ArrayList<>(List.of("bash", SCRIPT.toString(), java.toString(), "lib", "bench"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
    builder.environment().putAll(locale);
    builder.environment().merge("PATH", "", (path, _) -> folder + File.pathSeparator + path);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD); // bash does not know every locale
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private Path script(String name, String line) throws IOException {
    Path script = Files.writeString(folder.resolve(name), "#!/bin/bash\n" + line + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
