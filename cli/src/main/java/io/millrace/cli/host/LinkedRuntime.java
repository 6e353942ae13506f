package io.millrace.cli.host;

import io.millrace.BadInputException;
import io.millrace.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A Java runtime of the modules that the command needs, made by the running JDK's jlink in a
 * temporary folder, which goes with {@link #close}.
 *
 * @param directory its home: bin/java is there
 */
record LinkedRuntime(Path directory) implements AutoCloseable {
  /**
   * What jdeps names for the jars, less java.desktop and java.compiler, which nothing here reaches.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.net.http",
          "jdk.management",
          "jdk.unsupported");

  /**
   * @throws BadInputException if this Java has no jlink
   */
  static LinkedRuntime link(Progress progress) throws IOException {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(
                () ->
                    BadInputException.of(
                        "a bundle is made with a JDK that has jlink",
                        "java.home",
                        System.getProperty("java.home")));
    progress.update("link the runtime", 0, -1);
    Path scratch = Files.createTempDirectory("millrace-bundle");
    LinkedRuntime runtime = new LinkedRuntime(scratch.resolve("runtime"));
    StringWriter log = new StringWriter();
    PrintWriter writer = new PrintWriter(log);
    int status =
        jlink.run(
            writer,
            writer,
            "--add-modules",
            String.join(",", MODULES),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            runtime.directory.toString());
    if (status != 0) {
      runtime.close();
      throw new IllegalStateException("jlink failed: " + log);
    }
    return runtime;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> paths = Files.walk(directory.getParent())) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
