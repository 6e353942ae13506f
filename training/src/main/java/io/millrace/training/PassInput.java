package io.millrace.training;

import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NpyRows;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import java.util.Optional;

/**
 * What enters a pass: the graph, and a row for each node, the dataset's features or what the pass
 * before has made.
 *
 * <p>Rows of a file that takes more than half of the memory are read from it, others gathered from
 * where they are mapped. Shared by all threads; the caller closes it, and owns the rows.
 */
final class PassInput implements AutoCloseable {
  private final GraphDataset data;
  private final FeatureStore store;
  private final Optional<NpyRows> file;

  private PassInput(GraphDataset data, FeatureStore store, Optional<NpyRows> file) {
    this.data = data;
    this.store = store;
    this.file = file;
  }

  /** The graph is the settings' dataset's. */
  static PassInput of(InferenceSettings settings, FeatureMatrix rows) {
    GraphDataset all = settings.data();
    GraphDataset data = GraphDataset.builder(all.name(), all.graph()).features(rows).build();
    FeatureType type = settings.device().featureType(rows.type());
    if (rows.file().isEmpty() || settings.maps(rows.rows().byteSize())) {
      return new PassInput(data, FeatureStore.of(rows, type, GatherKind.AUTO), Optional.empty());
    }
    NpyRows file = NpyRows.openToRead(rows.file().get(), rows.type());
    return new PassInput(data, FeatureStore.of(file, rows, type), Optional.of(file));
  }

  /** The graph, and the rows as its features; no labels. */
  GraphDataset data() {
    return data;
  }

  /** Gathers the rows in the type that the device is given. */
  FeatureStore store() {
    return store;
  }

  @Override
  public void close() {
    file.ifPresent(NpyRows::close);
  }
}
