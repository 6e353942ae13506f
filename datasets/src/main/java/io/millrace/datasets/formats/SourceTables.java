package io.millrace.datasets.formats;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.ids.NodeIds;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A graph in another format, as the tables that {@link DatasetImport} writes. Each format
 * implements this interface. Small tables are read first, so that most mistakes are found before
 * the long part begins.
 *
 * <p>Used by one thread, which closes it.
 */
@Internal
public interface SourceTables extends AutoCloseable {
  /** The nodes of each split; empty if there are none. */
  Map<Split, int[]> splits();

  Optional<NodeLabels> labels();

  /** Numbers to predict; none by default. */
  default Optional<NodeLabels> targets() {
    return Optional.empty();
  }

  /**
   * Exclusive upper bound of the node ids in edges: the number of nodes, if it is known before the
   * edges are read.
   */
  default int maxNodes() {
    return numNodes();
  }

  /**
   * Opens the edges. The caller closes them.
   *
   * @param scratch a path at which a temporary file may be created
   */
  EdgeInput edges(Path scratch, Progress progress);

  /** The number of nodes. Final once all edges have been read. */
  int numNodes();

  /**
   * Opens the features. The caller closes them.
   *
   * @param scratch a path at which a temporary file may be created
   */
  Optional<FeatureSource> features(Path scratch);

  /** The source's own ids of the nodes; empty if they are the node ids. */
  default Optional<NodeIds> ids() {
    return Optional.empty();
  }

  /**
   * The row of each node in a feature file; empty if row v belongs to node v.
   *
   * @throws BadInputException if the nodes have no order that the rows of a file could have
   */
  default Optional<int[]> rowsOf(Path featureFile) {
    return Optional.empty();
  }

  /** The dataset's name if the user gives none. */
  String name();

  /** Where the data came from, in words. */
  String source();

  default Optional<String> licence() {
    return Optional.empty();
  }

  /** What was found out about text tables. Complete once all edges have been read. */
  default Optional<ImportFindings> findings() {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
