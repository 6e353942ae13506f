package io.millrace.datasets.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.csr.BuildMemory;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.graphbolt.GraphBoltImporter;
import io.millrace.datasets.formats.graphbolt.GraphBoltOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.formats.ogb.OgbImporter;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.npy.NpyHeader;
import io.millrace.datasets.npy.NpyType;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports of more edges than the least memory holds: the same files as with ample memory, from
 * every format, and again after a kill.
 */
@Tag("exhaustive")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpilledImportTest {
  private static final BuildMemory LEAST = new BuildMemory(BuildMemory.MIN_BYTES);
  private static final BuildMemory AMPLE = new BuildMemory(2L << 30);
  private static final int NUM_NODES = 100_000;
  private static final int NUM_EDGES = 4_200_000; // 8 bytes each, and twice for the reverse edges
  private static final int NUM_PAYMENTS = 2_500_000; // 28 bytes each
  private static final EdgeListOptions PAYMENTS =
      EdgeListOptions.defaults()
          .withWeightColumn("3")
          .withTimeColumn("4")
          .withEdgeIds(true)
          .withIds(NodeIdKind.STRING);

  @TempDir Path folder;

  /** Imports one source to a directory. */
  @FunctionalInterface
  private interface Importer {
    void importTo(Path out, ImportOptions options, Progress progress);
  }

  /** Whether a build has a temporary file of edges, asked whenever it says how far it is. */
  private static boolean spilled(Path folder) {
    return Stream.of(folder.toFile().listFiles())
        .anyMatch(made -> new File(made, "edges.sorted.tmp").length() > 0);
  }

  private String fingerprint(String name, BuildMemory memory, Importer importer) {
    boolean[] spilled = {false};
    Path out = folder.resolve(name);
    ImportOptions options = ImportOptions.defaults().withUndirected(true).withMemory(memory);
    importer.importTo(out, options, (_, _, _) -> spilled[0] |= spilled(folder));
    assertEquals(memory == LEAST, spilled[0], name);
    try (GraphDataset data = GraphDataset.open(out)) {
      return data.fingerprint();
    }
  }

  private void assertSameFiles(Importer importer) {
    assertEquals(fingerprint("ample", AMPLE, importer), fingerprint("least", LEAST, importer));
    DatasetInspector.inspect(folder.resolve("least"), Progress.NONE);
    assertEquals(List.of("ample", "least", "source"), names());
  }

  private List<String> names() {
    return Stream.of(folder.toFile().list()).sorted().toList();
  }

  private Path source(String name) throws IOException {
    Path file = folder.resolve("source").resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  private void writeText(Path file, int numEdges, boolean payments) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      for (int i = 0; i < numEdges; i++) {
        String start = payments ? "n" : "";
        out.print(start + random.nextInt(NUM_NODES) + "," + start + random.nextInt(NUM_NODES));
        out.print(payments ? "," + i % 97 + ".5," + (1_000_000L * i) + "\n" : "\n");
      }
    }
  }

  @Test
  void fromAnOgbFolder() throws IOException {
    writeText(source("raw/edge.csv"), NUM_EDGES, false);
    Files.writeString(source("raw/num-node-list.csv"), NUM_NODES + "\n");
    Files.writeString(source("raw/num-edge-list.csv"), NUM_EDGES + "\n");
    assertSameFiles(
        (out, options, progress) ->
            OgbImporter.importFolder(folder.resolve("source"), out, options, progress));
  }

  @Test
  void fromGraphBolt() throws IOException {
    Files.writeString(
        source("metadata.yaml"),
        "graph: {nodes: [{num: %d}], edges: [{format: numpy, path: edges.npy}]}\n"
            .formatted(NUM_NODES));
    SplittableRandom random = new SplittableRandom(7);
    ByteBuffer ids = ByteBuffer.allocate(2 * NUM_EDGES * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (ids.hasRemaining()) {
      ids.putInt(random.nextInt(NUM_NODES));
    }
    try (FileChannel file =
        FileChannel.open(
            source("edges.npy"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(NpyHeader.bytesFor(NpyType.INT32, 2, NUM_EDGES)));
      file.write(ids.flip());
    }
    assertSameFiles(
        (out, options, progress) ->
            GraphBoltImporter.importFolder(
                folder.resolve("source"), GraphBoltOptions.defaults(), out, options, progress));
  }

  @Test
  void fromAnEdgeListWithNamesWeightsTimesAndIds() throws IOException {
    Path file = source("payments.csv");
    writeText(file, NUM_PAYMENTS, true);
    assertSameFiles(
        (out, options, progress) ->
            EdgeListImporter.importFiles(List.of(file), PAYMENTS, out, options, progress));
  }

  /** Says when it has a temporary file, and then does nothing any more. */
  static final class Stuck {
    public static void main(String[] args) {
      Path file = Path.of(args[0]);
      Path out = Path.of(args[1]);
      ImportOptions options = ImportOptions.defaults().withUndirected(true).withMemory(LEAST);
      Progress progress =
          (_, _, _) -> {
            if (spilled(out.getParent())) {
              System.out.println("spilled");
              System.out.flush();
              sleepForEver();
            }
          };
      EdgeListImporter.importFiles(List.of(file), PAYMENTS, out, options, progress);
    }

    private static void sleepForEver() {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void againAfterAKill() throws Exception {
    Path file = source("payments.csv");
    writeText(file, NUM_PAYMENTS, true);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Stuck.class.getName()));
    command.addAll(List.of(file.toString(), folder.resolve("ample").toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertEquals("spilled", process.inputReader().readLine());
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(List.of(".ample.partial-" + process.pid(), "source"), names());
    assertSameFiles(
        (out, options, progress) ->
            EdgeListImporter.importFiles(List.of(file), PAYMENTS, out, options, progress));
  }
}
