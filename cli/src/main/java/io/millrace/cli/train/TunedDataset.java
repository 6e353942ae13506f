package io.millrace.cli.train;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.slicing.cache.CacheRanking;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.training.TrainerBuilder;
import io.millrace.transfer.PipelineSettings;
import io.millrace.tuning.Storage;
import io.millrace.tuning.TunedTraining;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The training of {@code tune}: its dataset is opened in the residence that is tried, one at a
 * time.
 */
final class TunedDataset implements TunedTraining, AutoCloseable {
  private final Path directory;
  private final Function<GraphDataset, TrainerBuilder> trainers;
  private final PipelineSettings untuned;
  private final Data facts;
  private StorageMode residence = StorageMode.AUTO;
  private GraphDataset open;

  /**
   * @param untuned settings of its pipelines that are kept
   * @param trainers makes a builder of the training on a dataset
   */
  TunedDataset(
      Path directory, PipelineSettings untuned, Function<GraphDataset, TrainerBuilder> trainers) {
    this.directory = directory;
    this.untuned = untuned;
    this.trainers = trainers;
    open = GraphDataset.open(directory, residence);
    int numNodes = open.graph().numNodes();
    long features = open.features().rows().byteSize();
    long graph = Integer.BYTES * open.graph().numEdges() + Long.BYTES * (numNodes + 1L);
    boolean inMemory = !open.features().rows().isMapped();
    facts = new Data(features + graph, features, numNodes, open.features().type(), inMemory);
  }

  String name() {
    return open.name();
  }

  @Override
  public Data data() {
    return facts;
  }

  @Override
  public PipelineSettings untuned() {
    return untuned;
  }

  @Override
  public TrainerBuilder in(Storage storage) {
    if (storage.residence() != residence) {
      open.close();
      residence = storage.residence();
      open = GraphDataset.open(directory, residence);
    }
    TrainerBuilder builder = trainers.apply(open);
    return storage.cacheBytes() == 0
        ? builder
        : builder.featureCache(new CacheSettings(storage.cacheBytes(), CacheRanking.VIP));
  }

  @Override
  public void close() {
    open.close();
  }
}
