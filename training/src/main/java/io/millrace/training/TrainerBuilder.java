package io.millrace.training;

import io.millrace.datasets.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.BatchPipeline;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a {@link GraphTrainer}; everything but the model has a default.
 *
 * <p>Each setter throws {@link BadInputException} for a value that is never right; {@link #build}
 * checks what depends on the dataset or on other settings.
 */
public final class TrainerBuilder {
  private static final int DEFAULT_FANOUT = 10;
  private static final int DEFAULT_EVAL_FANOUT = 20;

  final GraphDataset data;
  GraphModel model;
  int batchSize = 1024;
  double learningRate = 0.003;
  double weightDecay;
  long seed;
  int computeThreads = Runtime.getRuntime().availableProcessors();
  Optional<Path> directory = Optional.empty();
  private Optional<Fanout> fanout = Optional.empty();
  private Optional<Fanout> evalFanout = Optional.empty();
  private int numWorkers;
  private int numSlots;

  TrainerBuilder(GraphDataset data) {
    this.data = data;
  }

  public TrainerBuilder model(GraphModel value) {
    model = Objects.requireNonNull(value, "model");
    return this;
  }

  /**
   * Neighbours per hop in training, hop 1 first; 10 each by default; none for a model of no hops.
   */
  public TrainerBuilder fanout(Fanout value) {
    fanout = Optional.of(value);
    return this;
  }

  public TrainerBuilder fanout(int... perHop) {
    return fanout(Fanout.of(perHop));
  }

  /** Neighbours per hop in evaluation, hop 1 first; 20 each by default. */
  public TrainerBuilder evalFanout(Fanout value) {
    evalFanout = Optional.of(value);
    return this;
  }

  public TrainerBuilder evalFanout(int... perHop) {
    return evalFanout(Fanout.of(perHop));
  }

  /** Seeds per batch, in training and evaluation; 1024 by default. */
  public TrainerBuilder batchSize(int value) {
    batchSize = positive("batchSize", value);
    return this;
  }

  /** Adam's step size; 0.003 by default. */
  public TrainerBuilder learningRate(double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of("learning rate must be positive", "learningRate", value);
    }
    learningRate = value;
    return this;
  }

  /** The share of each weight that is added to its gradient (L2 penalty); 0 by default. */
  public TrainerBuilder weightDecay(double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of("weight decay must not be negative", "weightDecay", value);
    }
    weightDecay = value;
    return this;
  }

  /** Threads that prepare batches; by default one for every two cores. */
  public TrainerBuilder workers(int value) {
    numWorkers = positive("workers", value);
    return this;
  }

  /** Batches in memory at a time; by default one for each worker and two for the model. */
  public TrainerBuilder slots(int value) {
    numSlots = positive("slots", value);
    return this;
  }

  /** Of the first weights, the batches and the dropout; 0 by default. */
  public TrainerBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Threads of the model's operations, for the whole process; by default all cores. */
  public TrainerBuilder computeThreads(int value) {
    computeThreads = positive("computeThreads", value);
    return this;
  }

  /** Where {@link GraphTrainer#fit} keeps the best weights, see {@link ModelFile}. */
  public TrainerBuilder saveTo(Path value) {
    directory = Optional.of(value);
    return this;
  }

  /**
   * @throws BadInputException if the dataset lacks features, labels or training nodes, or a fanout
   *     has not one entry per layer of the model
   */
  public GraphTrainer build() {
    Objects.requireNonNull(model, "model");
    data.features();
    data.labels();
    nodes(Split.TRAIN);
    fanout();
    evalFanout();
    return new GraphTrainer(this);
  }

  /** The nodes of a split, of which there must be some. */
  int[] nodes(Split split) {
    int[] nodes = data.nodes(split);
    if (nodes.length == 0) {
      throw BadInputException.of(
          "split has no nodes", "dataset", data.name(), "split", split.fileName());
    }
    return nodes;
  }

  Fanout fanout() {
    return fitting("fanout", fanout, DEFAULT_FANOUT);
  }

  Fanout evalFanout() {
    return fitting("evalFanout", evalFanout, DEFAULT_EVAL_FANOUT);
  }

  private Fanout fitting(String name, Optional<Fanout> chosen, int byDefault) {
    int numHops = model.numHops();
    if (numHops == 0 || chosen.isEmpty()) {
      return Fanout.uniform(byDefault, numHops);
    }
    if (chosen.get().numHops() != numHops) {
      throw BadInputException.of(
          "fanout must have one entry per layer", name, chosen.get(), "layers", numHops);
    }
    return chosen.get();
  }

  BatchPipeline pipeline(Fanout hops) {
    BatchPipeline.Builder builder = BatchPipeline.builder(data, hops);
    if (numWorkers > 0) {
      builder.workers(numWorkers);
    }
    if (numSlots > 0) {
      builder.slots(numSlots);
    }
    return builder.build();
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw BadInputException.of(name + " must be positive", name, value);
    }
    return value;
  }
}
