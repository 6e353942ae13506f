package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Metric;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.optim.Schedule;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The settings of a {@link GraphTrainer}; everything but the model has a default.
 *
 * <p>Each setter throws {@link BadInputException} for a value that is never right; {@link #build}
 * checks what depends on the dataset or on other settings, and may be called again: each trainer
 * keeps the settings of its time.
 */
public final class TrainerBuilder {
  private static final int DEFAULT_FANOUT = 10;
  private static final int DEFAULT_EVAL_FANOUT = 20;
  private static final System.Logger LOGGER = System.getLogger(TrainerBuilder.class.getName());

  /** Once in a process. */
  private static final AtomicBoolean ANNOUNCED = new AtomicBoolean();

  private final GraphDataset data;
  private GraphModel model;
  private Optional<Fanout> fanout = Optional.empty();
  private Optional<Fanout> evalFanout = Optional.empty();
  private int batchSize = 1024;
  private int virtualNodes = 1;
  private int virtualNodesPerWave = 1;
  private OptionalInt evalBatchSize = OptionalInt.empty();
  private Optional<Loss> loss = Optional.empty();
  private ClassWeights classWeights = ClassWeights.equal();
  private Metric metric = Metric.ACCURACY;
  private OptionalInt patience = OptionalInt.empty();
  private double learningRate = 0.003;
  private double weightDecay;
  private Optimizer optimizer = Optimizer.adam();
  private Schedule schedule = new Schedule.Constant();
  private Optional<Double> clipNorm = Optional.empty();
  private OptionalInt numWorkers = OptionalInt.empty();
  private OptionalInt numSlots = OptionalInt.empty();
  private long seed;
  private int computeThreads = Runtime.getRuntime().availableProcessors();
  private Optional<Path> directory = Optional.empty();
  private Supplier<TorchDevice> device = () -> announced(DeviceChoice.AUTO);
  private OptionalInt numDeviceSlots = OptionalInt.empty();
  private OptionalInt checkpointEvery = OptionalInt.empty();
  private Optional<Path> resumeFrom = Optional.empty();

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

  /**
   * Neighbours per hop in evaluation, hop 1 first; 20 each by default. With -1, all neighbours, a
   * batch is as large as what its seeds reach: {@link #evalBatchSize} bounds it.
   */
  public TrainerBuilder evalFanout(Fanout value) {
    evalFanout = Optional.of(value);
    return this;
  }

  public TrainerBuilder evalFanout(int... perHop) {
    return evalFanout(Fanout.of(perHop));
  }

  /** Seeds per batch; 1024 by default. */
  public TrainerBuilder batchSize(int value) {
    batchSize = Require.positive("batchSize", value);
    return this;
  }

  /**
   * How many parts the seeds of each batch are divided into, 1 by default. They are sampled,
   * normalised and computed one by one, and the weights move after the last: so a batch needs the
   * memory of one part only.
   */
  public TrainerBuilder virtualNodes(int value) {
    virtualNodes = Require.positive("virtualNodes", value);
    return this;
  }

  /** How many virtual nodes are in memory at a time; 1 by default. The result is the same. */
  public TrainerBuilder virtualNodesPerWave(int value) {
    virtualNodesPerWave = Require.positive("virtualNodesPerWave", value);
    return this;
  }

  /** Seeds per batch in evaluation; by default as in training, or as a virtual node there. */
  public TrainerBuilder evalBatchSize(int value) {
    evalBatchSize = OptionalInt.of(Require.positive("evalBatchSize", value));
    return this;
  }

  /** By default softmax cross-entropy, or BCE if a node can have several labels. */
  public TrainerBuilder loss(Loss value) {
    loss = Optional.of(value);
    return this;
  }

  /** How much each class counts in the loss; all the same by default. */
  public TrainerBuilder classWeights(ClassWeights value) {
    classWeights = Objects.requireNonNull(value, "classWeights");
    return this;
  }

  /** What decides which epoch is the best, and when the patience ends; accuracy by default. */
  public TrainerBuilder metric(Metric value) {
    metric = Objects.requireNonNull(value, "metric");
    return this;
  }

  /**
   * Ends {@link GraphTrainer#fit} after so many epochs in a row that were no better than the best;
   * by default it trains them all.
   */
  public TrainerBuilder patience(int numEpochs) {
    patience = OptionalInt.of(Require.positive("patience", numEpochs));
    return this;
  }

  /** How the weights follow their gradients; {@link Optimizer#adam} by default. */
  public TrainerBuilder optimizer(Optimizer value) {
    optimizer = Objects.requireNonNull(value, "optimizer");
    return this;
  }

  /** The optimizer's step size; 0.003 by default. */
  public TrainerBuilder learningRate(double value) {
    learningRate = Require.positive("learningRate", value);
    return this;
  }

  /**
   * How the learning rate changes from step to step; not at all by default. A {@link
   * Schedule.Plateau} takes note of the validations of {@link GraphTrainer#fit} only.
   */
  public TrainerBuilder schedule(Schedule value) {
    schedule = Objects.requireNonNull(value, "schedule");
    return this;
  }

  /** The longest that the gradient of a step may be, in the 2-norm; any length by default. */
  public TrainerBuilder clipNorm(double value) {
    clipNorm = Optional.of(Require.positive("clipNorm", value));
    return this;
  }

  /**
   * The share of each weight that is added to its gradient (L2 penalty), or, by {@link
   * Optimizer#adamW}, taken from the weight itself; 0 by default.
   */
  public TrainerBuilder weightDecay(double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of("weight decay must not be negative", "weightDecay", value);
    }
    weightDecay = value;
    return this;
  }

  /** Threads that prepare batches; by default one for every two cores. */
  public TrainerBuilder workers(int value) {
    numWorkers = OptionalInt.of(Require.positive("workers", value));
    return this;
  }

  /** Batches in memory at a time; by default one for each worker and two for the model. */
  public TrainerBuilder slots(int value) {
    numSlots = OptionalInt.of(Require.positive("slots", value));
    return this;
  }

  /**
   * Where to compute; by default on the GPU if it can be used, else on the CPU, and the log says
   * why.
   */
  public TrainerBuilder device(DeviceChoice value) {
    device = () -> announced(value);
    return this;
  }

  /** Where to compute, decided before. */
  public TrainerBuilder device(TorchDevice value) {
    device = () -> value;
    return this;
  }

  /**
   * Batches on the GPU at a time; 3 by default. With 1, a batch is copied when the model is done
   * with the one before. Of no account on the CPU.
   */
  public TrainerBuilder deviceSlots(int value) {
    numDeviceSlots = OptionalInt.of(Require.positive("deviceSlots", value));
    return this;
  }

  /** Of the first weights, the batches and the dropout; 0 by default. */
  public TrainerBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Threads of the model's operations, for the whole process; by default all cores. */
  public TrainerBuilder computeThreads(int value) {
    computeThreads = Require.positive("computeThreads", value);
    return this;
  }

  /**
   * Where {@link GraphTrainer#fit} keeps the best weights, see {@link ModelFile}, and after each
   * epoch a checkpoint, see {@link #resumeFrom}; what is there already is replaced after the first
   * epoch. The model must be a record then.
   */
  public TrainerBuilder saveTo(Path value) {
    directory = Optional.of(value);
    return this;
  }

  /** Writes a checkpoint after every so many batches of an epoch, too; for long epochs. */
  public TrainerBuilder checkpointEvery(int batches) {
    checkpointEvery = OptionalInt.of(Require.positive("checkpointEvery", batches));
    return this;
  }

  /**
   * Goes on from the checkpoint in a directory that a training of the same settings has saved to;
   * where there is none yet, starts at the beginning. {@link GraphTrainer#position} says which.
   * With one compute thread, on a device of the same kind, the weights become those of a training
   * that was never interrupted, bit for bit. Threads, slots, virtual nodes per wave and the number
   * of epochs may differ, and the device too: but on a GPU dropout is drawn otherwise than on the
   * CPU, and the gradients of maxima ({@link Aggregator#MAX}) are added in no fixed order.
   */
  public TrainerBuilder resumeFrom(Path value) {
    resumeFrom = Optional.of(value);
    return this;
  }

  /**
   * @throws BadInputException if the dataset lacks features or labelled training nodes, loss,
   *     weights or metric do not fit its labels, a fanout has not one entry per layer of the model,
   *     the model cannot be saved where it should, or a checkpoint is damaged or of another
   *     training
   */
  public GraphTrainer build() {
    Objects.requireNonNull(model, "model");
    return new GraphTrainer(
        new TrainerSettings(
            data,
            model,
            hops(fanout, DEFAULT_FANOUT),
            hops(evalFanout, DEFAULT_EVAL_FANOUT),
            batchSize,
            new VirtualNodes(virtualNodes, virtualNodesPerWave),
            evalBatchSize.orElse(Math.ceilDiv(batchSize, virtualNodes)),
            new OptimizerSettings(optimizer, learningRate, weightDecay, schedule, clipNorm),
            new Objective(loss, classWeights, metric),
            patience,
            numWorkers,
            numSlots,
            seed,
            computeThreads,
            directory,
            checkpointEvery,
            resumeFrom,
            device.get(),
            numDeviceSlots));
  }

  private static TorchDevice announced(DeviceChoice choice) {
    TorchDevice found = TorchDevice.of(choice);
    if (choice != DeviceChoice.CPU && !ANNOUNCED.getAndSet(true)) {
      LOGGER.log(System.Logger.Level.INFO, "device: {0}", found.description());
    }
    return found;
  }

  private Fanout hops(Optional<Fanout> chosen, int byDefault) {
    int numHops = model.numHops();
    return numHops == 0 || chosen.isEmpty() ? Fanout.uniform(byDefault, numHops) : chosen.get();
  }
}
