package io.millrace.datasets.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.GraphDataset;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedAttributesTest {
  @TempDir private Path folder;

  @Test
  void bothDirectionsOfAnEdgeCarryTheSame() {
    GeneratorOptions options =
        GraphGenerator.PLANTED
            .defaults()
            .withNodes(300)
            .withEdges(2000)
            .withEdgeWeights(true)
            .withEdgeFeatures(2);
    Path out = folder.resolve("out");
    GraphGenerator.PLANTED.generate(options, out, Progress.NONE);
    try (GraphDataset data = GraphDataset.open(out)) {
      CsrGraph graph = data.graph();
      EdgeAttributes edges = data.edges();
      assertEquals(new EdgeColumns(false, true, false, 2), edges.columns());
      Map<List<Integer>, List<Float>> byEnds = new HashMap<>();
      double within = 0;
      double between = 0;
      for (int v = 0; v < graph.numNodes(); v++) {
        for (long p = graph.rowStart(v); p < graph.rowStart(v + 1); p++) {
          byEnds.put(
              List.of(graph.neighbor(p), v),
              List.of(edges.weight(p), edges.feature(p, 0), edges.feature(p, 1)));
          boolean same = data.labels().get(v) == data.labels().get(graph.neighbor(p));
          assertTrue(edges.weight(p) > 0);
          within = Math.max(within, same ? edges.feature(p, 0) : 0);
          between = Math.min(between, same ? 0 : edges.feature(p, 0));
        }
      }
      assertEquals(graph.numEdges(), byEnds.size());
      byEnds.forEach(
          (ends, values) -> assertEquals(values, byEnds.get(List.of(ends.get(1), ends.get(0)))));
      assertTrue(within > 1 && between < -1, "features tell communities");
    }
  }
}
