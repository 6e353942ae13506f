package io.millrace.sweeps.pipeline;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Datasets that several steps use: each is opened once and stays open until {@link #close}, which
 * closes all. Who takes a dataset does not close it. Thread-safe.
 */
public final class OpenDatasets implements AutoCloseable {
  private record Opened(Path directory, StorageMode mode, GraphDataset data) {}

  private final List<Opened> all = new ArrayList<>();

  /**
   * A dataset; with {@link StorageMode#AUTO} one that is open already, wherever its data is kept.
   *
   * @throws io.millrace.BadInputException in the cases of {@link GraphDataset#open(Path)}
   */
  public GraphDataset open(Path directory, StorageMode mode) {
    return open(directory, mode, () -> GraphDataset.open(directory, mode));
  }

  /** A dataset that is open already, or else mapped and not copied into memory. */
  public GraphDataset openUncopied(Path directory) {
    return open(directory, StorageMode.AUTO, () -> GraphDataset.openUncopied(directory));
  }

  private synchronized GraphDataset open(
      Path directory, StorageMode mode, Supplier<GraphDataset> opener) {
    Path place = directory.toAbsolutePath().normalize();
    Optional<Opened> found =
        all.stream()
            .filter(it -> it.directory().equals(place))
            .filter(it -> mode == StorageMode.AUTO || it.mode() == mode)
            .findFirst();
    if (found.isPresent()) {
      found.get().data().requireUnchanged();
      return found.get().data();
    }
    GraphDataset data = opener.get();
    all.add(new Opened(place, mode, data));
    return data;
  }

  @Override
  public synchronized void close() {
    all.forEach(it -> it.data().close());
    all.clear();
  }
}
