package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.ids.NodeIds;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A graph in another format, as the tables that {@link DatasetImport} writes: one implementation
 * per format. What is small is read first, so that most mistakes show before the long part.
 *
 * <p>Used by one thread, which closes it.
 */
@Internal
public interface SourceTables extends AutoCloseable {
  /** The nodes of each split; empty if there are none. */
  Map<Split, int[]> splits();

  Optional<NodeLabels> labels();

  /** All ids of nodes in edges are below: the number of nodes, where it is known already. */
  default int maxNodes() {
    return numNodes();
  }

  /**
   * Begins to read the edges, which the caller closes.
   *
   * @param scratch a place for a temporary file
   */
  EdgeInput edges(Path scratch, Progress progress);

  /** Known at the latest when all edges are read. */
  int numNodes();

  /**
   * Begins to read the features, which the caller closes.
   *
   * @param scratch a place for a temporary file
   */
  Optional<FeatureSource> features(Path scratch);

  /** The ids that the source has for nodes, where they are not node ids already. */
  default Optional<NodeIds> ids() {
    return Optional.empty();
  }

  /** The dataset's name where the user gives none. */
  String name();

  /** Where the data came from, in words. */
  String source();

  default Optional<String> licence() {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
