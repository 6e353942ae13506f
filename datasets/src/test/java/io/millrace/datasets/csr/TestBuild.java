package io.millrace.datasets.csr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Builds a dataset that is only a graph, with as little memory as a test likes. */
final class TestBuild {
  private TestBuild() {}

  static Path write(
      Path out, int numNodes, EdgeSource source, EdgeOptions options, SortMemory sizes) {
    try (DatasetWriter writer = DatasetWriter.create(out)) {
      long numEdges;
      try (CsrBuilder builder =
          CsrBuilder.read(source, numNodes, options, sizes, writer, Progress.NONE)) {
        boolean spilled = Files.exists(writer.temporary("edges.sorted"));
        assertEquals(sizes.storeBytes() == 0 && source.numEdges() != 0, spilled, "spilled");
        numEdges = builder.writeTo(writer, numNodes);
      }
      writer.commit(describe(numNodes, numEdges));
    }
    return out;
  }

  private static DatasetDescription describe(int numNodes, long numEdges) {
    return new DatasetDescription(
        "test",
        numNodes,
        numEdges,
        true,
        Optional.empty(),
        OptionalInt.empty(),
        List.of(),
        Optional.empty(),
        "test",
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }
}
