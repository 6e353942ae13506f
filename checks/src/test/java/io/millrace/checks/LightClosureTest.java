package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.kernel.KernelProbe;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.Slicer;
import io.millrace.transfer.Placement;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that samples and slices gets few libraries, and they are enough for it: it runs in a
 * JVM that has only what the poms list and what is not optional.
 */
class LightClosureTest {
  private static final Path ROOT =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));

  @TempDir private Path folder;

  @Test
  void samplerAndSlicingBringTwoSmallLibraries() throws Exception {
    Set<String> libraries = Set.of("fastdoubleparser", "snakeyaml-engine");
    assertEquals(libraries, libraries(closure("sampler")));
    assertEquals(libraries, libraries(closure("slicing")));
  }

  @Test
  @Tag("exhaustive")
  void theyOpenSampleSliceAndImportText() throws Exception {
    CsrGraph graph = CsrGraph.of(new long[] {0, 2, 3, 4}, new int[] {1, 2, 0, 0});
    Path dataset = folder.resolve("dataset");
    try (GraphDataset data =
        GraphDataset.builder("small", graph)
            .names(List.of("a", "b", "c"))
            .features(FeatureMatrix.of(2, new float[6]))
            .build()) {
      data.save(dataset);
    }
    Path edges = Files.writeString(folder.resolve("edges.tsv"), "7\t8\n8\t9\n");
    String output = run("slicing", "sample", dataset, "import", edges);
    assertTrue(output.contains("sampled: nodes=3, bytes="), output);
    assertTrue(output.contains("imported: edges=2"), output);
  }

  @Test
  void packedFilesNameTheLibraryThatIsMissing() throws Exception {
    Path zstd = Files.write(folder.resolve("edges.tsv.zst"), new byte[] {0x28, (byte) 0xb5, 47});
    Path parquet = Files.writeString(folder.resolve("edges.parquet"), "PAR1");
    String output = run("slicing", "import", zstd, "import", parquet);
    assertTrue(
        output.contains(
            "BadInputException: zstd needs the library zstd-jni on the class path; or unpack it"
                + " with: zstd -d X.zst: file="
                + zstd),
        output);
    assertTrue(
        output.contains(
            "BadInputException: parquet needs the library parquet-floor on the class path"),
        output);
  }

  @Test
  void withoutJCudaThePlaceIsTheCpuOrJCudaIsNamed() throws Exception {
    assertEquals(
        Set.of("agrona", "fastdoubleparser", "snakeyaml-engine"), libraries(closure("transfer")));
    String output = run("transfer", "place", ".");
    assertTrue(
        output.contains("placed: Cpu[reason=no NVIDIA driver")
            || output.contains("CUDA needs the library jcuda on the class path"),
        output);
  }

  private String run(String module, Object... steps) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(closure(module)),
                LightProgram.class.getName()));
    Stream.of(steps).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  /** Artifact ids of a module, of the modules that it needs, and of their libraries. */
  private static Set<String> closure(String module) throws Exception {
    Set<String> all = new LinkedHashSet<>(Set.of("millrace-" + module));
    var pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(ROOT.resolve(module).resolve("pom.xml").toFile());
    for (String artifact : PomDependencies.needed(pom)) {
      if (artifact.startsWith("millrace-")) {
        all.addAll(closure(artifact.substring("millrace-".length())));
      } else {
        all.add(artifact);
      }
    }
    return all;
  }

  private static Set<String> libraries(Set<String> closure) {
    Set<String> libraries = new TreeSet<>(closure);
    libraries.removeIf(artifact -> artifact.startsWith("millrace-"));
    return libraries;
  }

  /** The places of these libraries on this class path, and those of the modules. */
  private static String classPath(Set<String> closure) throws Exception {
    Set<String> places = new LinkedHashSet<>();
    List<Class<?>> modules =
        List.of(
            LightProgram.class,
            GraphDataset.class,
            Fanout.class,
            KernelProbe.class,
            Slicer.class,
            Placement.class);
    for (Class<?> type : modules) {
      places.add(place(type));
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String name = Path.of(entry).getFileName().toString();
      if (libraries(closure).stream().anyMatch(library -> name.matches(library + "-[0-9].*"))) {
        places.add(entry);
      }
    }
    return String.join(File.pathSeparator, places);
  }

  private static String place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
