package io.millrace.cli.host;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.platform.PartialDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * A Java runtime of the modules that the command needs, made by the running JDK's jlink in a
 * temporary folder, which goes with {@link #close}.
 *
 * @param directory its home: bin/java is there
 */
record LinkedRuntime(Path directory, PartialDirectory scratch) implements AutoCloseable {
  /**
   * What jdeps names for the jars, less java.desktop and java.compiler, which nothing here reaches.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.net.http",
          "jdk.httpserver",
          "jdk.jfr",
          "jdk.management",
          "jdk.unsupported");

  /**
   * Links it next to the archive; what a kill leaves there is deleted by the next one for the same
   * archive.
   *
   * @param target the archive
   * @throws BadInputException if this Java has no jlink, or the runtime cannot be written
   */
  static LinkedRuntime link(Path target, Progress progress) {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(
                () ->
                    BadInputException.of(
                        "a bundle is made with a JDK that has jlink",
                        "java.home",
                        System.getProperty("java.home")));
    progress.update("link the runtime", 0, -1);
    PartialDirectory scratch =
        PartialDirectory.forTarget(target.resolveSibling(target.getFileName() + ".runtime"));
    LinkedRuntime runtime = new LinkedRuntime(scratch.path().resolve("runtime"), scratch);
    StringWriter log = new StringWriter();
    PrintWriter writer = new PrintWriter(log);
    int status =
        jlink.run(
            writer,
            writer,
            "--add-modules",
            String.join(",", MODULES),
            "--strip-java-debug-attributes", // native code, too, would need the temporary folder
            "--no-header-files",
            "--no-man-pages",
            "--output",
            runtime.directory.toString());
    if (status != 0) {
      runtime.close();
      throw BadInputException.of(
          "the bundle cannot be written", "file", target, "cause", log.toString().strip());
    }
    return runtime;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
