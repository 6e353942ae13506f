package io.millrace.cli.host;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.cli.command.Version;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.WriterLock;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An archive that runs the command on a machine without Java and without a network:
 *
 * <pre>
 *   millrace-VERSION/millrace      the command (build/bundle/millrace)
 *                    README.txt
 *                    bin/          start, jvm.flags: as ./millrace has them; commit
 *                    lib/          the jars, without libtorch: it would be most of the archive, and for the CPU only;
 *                                  and without the optional reader of Parquet
 *                    lib/bench/    the jars that only bench needs
 *                    runtime/      the modules of the JDK that are needed, by jlink
 *                    datasets/NAME
 * </pre>
 *
 * <p>Used by one thread. The next classes to read are {@link LinkedRuntime} and {@link TarGz}.
 *
 * @param jars of the class path: those in the first one's folder are the command's, all others
 *     bench's
 * @param dataset a dataset directory to pack along
 */
record Bundle(List<Path> jars, Optional<Path> dataset) {
  /**
   * How the jars begin that are left out: libtorch, and the Parquet reader, a fifth of the archive.
   */
  private static final List<String> LEFT_OUT =
      List.of("pytorch-native-", "parquet-", "snappy-java-", "jts-core-", "aircompressor-");

  /** The running command, with its whole class path. */
  static Bundle ofThisCommand(Optional<Path> dataset) {
    List<Path> classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    return new Bundle(classPath, dataset);
  }

  Bundle {
    for (Path jar : jars) {
      if (!jar.toString().endsWith(".jar")) {
        throw BadInputException.of(
            "a bundle is made from jars: run it by ./millrace", "classPath", jar);
      }
    }
  }

  /** The folder that unpacking makes. */
  String folder() {
    return "millrace-" + Version.current();
  }

  /**
   * Writes the archive.
   *
   * @return its size
   */
  long write(Path out, Progress progress) {
    Path target = out.toAbsolutePath();
    if (Files.isDirectory(target) || !Files.isWritable(target.getParent())) {
      throw BadInputException.of(
          "--out must be a file in a folder that can be written", "file", out);
    }
    try (WriterLock _ = WriterLock.ofFile(target);
        LinkedRuntime runtime = LinkedRuntime.link(target, progress)) {
      progress.update("pack", 0, -1);
      AtomicFile.write(target, file -> pack(runtime, AtomicFile.stream(file)), false);
      return Files.size(target);
    } catch (IOException e) {
      throw BadInputException.of("the bundle cannot be written", "file", out, "cause", e);
    }
  }

  private void pack(LinkedRuntime runtime, OutputStream file) throws IOException {
    try (TarGz archive = TarGz.to(file)) {
      addCommand(archive);
      archive.addFolder(runtime.directory(), folder() + "/runtime");
      if (dataset.isPresent()) {
        Path name = dataset.get().toRealPath().getFileName();
        archive.addFolder(dataset.get(), folder() + "/datasets/" + name);
      }
    }
  }

  private void addCommand(TarGz archive) throws IOException {
    String commit = System.getProperty("millrace.commit", "");
    archive.addScript(folder() + "/millrace", resource("millrace"));
    archive.addText(folder() + "/README.txt", resource("README.txt"));
    archive.addScript(folder() + "/bin/start", resource("start"));
    archive.addText(folder() + "/bin/jvm.flags", resource("jvm.flags"));
    archive.addText(folder() + "/bin/commit", commit + "\n");
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      if (LEFT_OUT.stream().noneMatch(name::startsWith)) {
        boolean own = Objects.equals(jar.getParent(), jars.getFirst().getParent());
        archive.addFile(jar, folder() + (own ? "/lib/" : "/lib/bench/") + name);
      }
    }
  }

  /** A file of the folder build/, which Maven copies into the jar. */
  private static String resource(String name) throws IOException {
    try (InputStream in = Bundle.class.getResourceAsStream("bundle/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
