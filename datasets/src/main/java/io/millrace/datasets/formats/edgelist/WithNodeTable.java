package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.SourceTables;
import io.millrace.datasets.formats.features.FeatureSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Edges, and optionally a table with what is known about their nodes. */
interface WithNodeTable extends SourceTables {
  /** The table of the nodes, if there is one. */
  Optional<NodeTable> nodes();

  @Override
  default Map<Split, int[]> splits() {
    return nodes().map(NodeTable::splits).orElse(Map.of());
  }

  @Override
  default Optional<NodeLabels> labels() {
    return nodes().flatMap(NodeTable::labels);
  }

  @Override
  default Optional<NodeLabels> targets() {
    return nodes().flatMap(NodeTable::targets);
  }

  @Override
  default Optional<FeatureSource> features(Path scratch) {
    return nodes().flatMap(NodeTable::features);
  }
}
