package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RankSum;
import io.millrace.ranks.params.Staleness;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.TimeRule;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.training.files.ModelFile;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Metric;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.optim.Schedule;
import io.millrace.training.parallel.PartitionSettings;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.task.Objective;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.PipelineSettings;
import io.millrace.transfer.SharedBatches;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The settings of a {@link GraphTrainer}; everything but the model has a default.
 *
 * <p>Each setter throws {@link BadInputException} for a value that is never right; {@link #build}
 * checks what depends on the dataset or on other settings, and may be called again: each trainer
 * keeps the settings of its time.
 */
public final class TrainerBuilder {
  /** Default seeds per batch. */
  public static final int BATCH_SIZE = 1024;

  /** Default step size of the optimizer. */
  public static final double LEARNING_RATE = 0.003;

  /** Default neighbours per hop in evaluation. */
  public static final int EVAL_FANOUT = 20;

  /** Default neighbours per hop in training, hop 1 first; further hops take the last one. */
  private static final int[] FANOUT = {15, 10, 5};

  private static final System.Logger LOGGER = System.getLogger(TrainerBuilder.class.getName());

  /** Once in a process. */
  private static final AtomicBoolean ANNOUNCED = new AtomicBoolean();

  private final GraphDataset data;
  private GraphModel model;
  private Optional<Fanout> fanout = Optional.empty();
  private Optional<Fanout> evalFanout = Optional.empty();
  private Draw draw = Draw.uniform();
  private Optional<TimeRule> times = Optional.empty();
  private int batchSize = BATCH_SIZE;
  private int virtualNodes = 1;
  private int virtualNodesPerWave = 1;
  private OptionalInt evalBatchSize = OptionalInt.empty();
  private Optional<Loss> loss = Optional.empty();
  private ClassWeights classWeights = ClassWeights.equal();
  private Optional<Metric> metric = Optional.empty();
  private Optional<LinkObjective> links = Optional.empty();
  private boolean regression;
  private OptionalInt patience = OptionalInt.empty();
  private double learningRate = LEARNING_RATE;
  private double weightDecay;
  private Optimizer optimizer = Optimizer.adam();
  private Schedule schedule = new Schedule.Constant();
  private Optional<Double> clipNorm = Optional.empty();
  private PipelineSettings pipeline = PipelineSettings.defaults();
  private long seed;
  private OptionalLong samplingSeed = OptionalLong.empty();
  private int computeThreads = Runtime.getRuntime().availableProcessors();
  private Optional<Path> directory = Optional.empty();
  private Supplier<TorchDevice> device = () -> announced(DeviceChoice.AUTO);
  private OptionalInt checkpointEvery = OptionalInt.empty();
  private Optional<Path> resumeFrom = Optional.empty();
  private Optional<CacheSettings> featureCache = Optional.empty();
  private long evaluationCacheBytes;
  private Optional<SharedBatches> sharedBatches = Optional.empty();
  private Optional<PartitionSettings> partition = Optional.empty();
  private Optional<Collective> collective = Optional.empty();
  private List<Integer> virtualNodesOfRanks = List.of();
  private RankSum rankSum = RankSum.ORDERED;
  private Staleness staleness = Staleness.NONE;
  private Optional<Supplier<Optional<String>>> pauseWhen = Optional.empty();

  TrainerBuilder(GraphDataset data) {
    this.data = data;
  }

  public TrainerBuilder model(GraphModel value) {
    model = Objects.requireNonNull(value, "model");
    return this;
  }

  /**
   * Neighbours per hop in training, hop 1 first; {@link #defaultFanout} by default. Ignored for a
   * model without hops.
   */
  public TrainerBuilder fanout(Fanout value) {
    fanout = Optional.of(value);
    return this;
  }

  public TrainerBuilder fanout(int... perHop) {
    return fanout(Fanout.of(perHop));
  }

  /**
   * Neighbours per hop in evaluation, hop 1 first; {@value #EVAL_FANOUT} each by default. With -1,
   * all neighbours, a batch has all that its seeds reach: {@link #evalBatchSize} limits it.
   */
  public TrainerBuilder evalFanout(Fanout value) {
    evalFanout = Optional.of(value);
    return this;
  }

  public TrainerBuilder evalFanout(int... perHop) {
    return evalFanout(Fanout.of(perHop));
  }

  /**
   * How neighbours are drawn where a fanout is a number, in training and in evaluation; {@link
   * Draw#uniform} by default. A draw by weight needs a dataset with edge weights; the model then
   * treats the neighbours drawn as equal.
   */
  public TrainerBuilder draw(Draw value) {
    draw = Objects.requireNonNull(value, "draw");
    return this;
  }

  /**
   * Which edges count where nodes are looked at at a time; for {@link LinkObjective#byTime} and
   * {@link Draw#latest}. By default those before it.
   */
  public TrainerBuilder times(TimeRule value) {
    times = Optional.of(value);
    return this;
  }

  /** Seeds per batch; {@value #BATCH_SIZE} by default. */
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

  /**
   * By default softmax cross-entropy, or BCE if a node can have several labels, or MSE for targets.
   */
  public TrainerBuilder loss(Loss value) {
    loss = Optional.of(value);
    return this;
  }

  /** How much each class counts in the loss; all the same by default. */
  public TrainerBuilder classWeights(ClassWeights value) {
    classWeights = Objects.requireNonNull(value, "classWeights");
    return this;
  }

  /**
   * Selects the best epoch and decides when the patience ends; by default accuracy, or ROC AUC for
   * links, or R2 for targets.
   */
  public TrainerBuilder metric(Metric value) {
    metric = Optional.of(value);
    return this;
  }

  /**
   * Trains to predict links instead of the classes of nodes, which is the default: the links of the
   * dataset's graph are learned, and the model's output are embeddings. A batch has {@link
   * #batchSize} links.
   */
  public TrainerBuilder links(LinkObjective value) {
    links = Optional.of(value);
    return this;
  }

  /**
   * Trains to predict the targets of the nodes, which the dataset must have, instead of their
   * labels: the model's output has a column for each. Targets whose value is NaN are not learned.
   * Scale them to about the size of 1 before; the metrics are in their units.
   */
  public TrainerBuilder regression() {
    regression = true;
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

  /** The optimizer's step size; {@value #LEARNING_RATE} by default. */
  public TrainerBuilder learningRate(double value) {
    learningRate = Require.positive("learningRate", value);
    return this;
  }

  /**
   * How the learning rate changes from step to step; not at all by default. A {@link
   * Schedule.Plateau} reads the validations of {@link GraphTrainer#fit} only.
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

  /** Threads and slots that prepare batches; no result depends on them. */
  public TrainerBuilder pipeline(PipelineSettings value) {
    pipeline = Objects.requireNonNull(value, "pipeline");
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

  /** Determines the first weights, the batches and the dropout; 0 by default. */
  public TrainerBuilder seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Determines the batches, training's and evaluation's, in place of {@link #seed}: so trainings
   * whose first weights differ see the same batches.
   */
  public TrainerBuilder samplingSeed(long value) {
    samplingSeed = OptionalLong.of(value);
    return this;
  }

  /** Threads of the model's operations, for the whole process; by default all cores. */
  public TrainerBuilder computeThreads(int value) {
    computeThreads = Require.threads("computeThreads", value);
    return this;
  }

  /**
   * Where {@link GraphTrainer#fit} keeps the best weights, see {@link ModelFile}, and after each
   * epoch a checkpoint, see {@link #resumeFrom}; what is there already is replaced after the first
   * epoch. The model must be a record then. A loop of your own saves nothing there, which a warning
   * in the log says: it calls {@link GraphTrainer#saveModel} and {@link
   * GraphTrainer#saveCheckpoint}.
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
   * Resumes from the checkpoint in a directory that a training of the same settings has saved to;
   * where there is none yet, starts at the beginning. {@link GraphTrainer#position} says which. For
   * another learning rate, leave the builder's as it was and call {@link
   * GraphTrainer#learningRate(double)} on the trainer. With one compute thread, on a device of the
   * same kind, the weights become those of a training that was never interrupted, bit for bit.
   * Threads, slots, virtual nodes per wave and the number of epochs may differ, and the device too:
   * but on a GPU dropout is drawn otherwise than on the CPU, and the gradients of maxima ({@link
   * Aggregator#MAX}) are added in no fixed order.
   */
  public TrainerBuilder resumeFrom(Path value) {
    resumeFrom = Optional.of(value);
    return this;
  }

  /**
   * Keeps the rows in memory that the training reads most often, if the dataset is mapped from its
   * files; no result depends on it. {@link #build} ranks and reads them, which takes a pass over
   * the edges per hop. Without effect on a dataset in memory; {@link GraphTrainer#featureCache}
   * tells.
   */
  public TrainerBuilder featureCache(CacheSettings value) {
    featureCache = Optional.of(value);
    return this;
  }

  /**
   * Keeps batches of the validation nodes in memory, which are the same in each evaluation: those
   * that fit are sampled and sliced once. No result depends on it; by default none are kept.
   *
   * @param bytes for them; they take no more than they need
   */
  public TrainerBuilder evaluationCache(long bytes) {
    if (bytes < 0) {
      throw BadInputException.of("a cache has no negative size", "evaluationCache", bytes);
    }
    evaluationCacheBytes = bytes;
    return this;
  }

  /**
   * Reads the batches that other trainers of the same dataset, fanout, batch size and {@link
   * #samplingSeed} read at the same time, instead of sampling them again; the result is the same.
   * {@link GraphTrainer#pipelineSize} is theirs and cannot be changed, and there is no feature
   * cache.
   *
   * @param value stays the caller's, who closes it after the trainers
   */
  @Internal
  public TrainerBuilder sharedBatches(SharedBatches value) {
    sharedBatches = Optional.of(value);
    return this;
  }

  /**
   * Divides the feature rows among the ranks of a {@link #collective}: each reads those of its own
   * part from its dataset, and fetches others from their owners while earlier batches are computed.
   * No result depends on it. {@link GraphTrainer#partition} tells.
   */
  public TrainerBuilder partition(PartitionSettings value) {
    partition = Optional.of(value);
    return this;
  }

  /**
   * Shares the training with the other ranks of a collective, which build a trainer of the same
   * settings and call the same methods: {@link #build}, {@link GraphTrainer#fit}, {@link
   * GraphTrainer#epoch} and {@link GraphTrainer#evaluate}. The virtual nodes of each step are dealt
   * to the ranks in order, and so are the batches of evaluations, except that each rank evaluates
   * all events of {@link LinkObjective#byTime}. With one compute thread, weights and evaluations
   * are those of one process with the same virtual nodes, bit for bit. Rank 0 alone reads and
   * writes checkpoints and models; directories are ignored on the others. What a rank throws ends
   * the methods of the others with a {@link io.millrace.ranks.RankFailedException}.
   *
   * @param value stays the caller's, who closes it after the trainer
   * @param virtualNodesPerRank for unequal machines, one number for each rank, the same on all; by
   *     default as equal as possible
   */
  public TrainerBuilder collective(Collective value, int... virtualNodesPerRank) {
    collective = Optional.of(value);
    virtualNodesOfRanks = Arrays.stream(virtualNodesPerRank).boxed().toList();
    return this;
  }

  /**
   * How the ranks of a collective add up their gradients; by default in the order of the virtual
   * nodes. With {@link RankSum#RING} the weights are not those of one process, and not those of
   * another number of ranks, bit for bit.
   */
  public TrainerBuilder rankSum(RankSum value) {
    rankSum = Objects.requireNonNull(value, "rankSum");
    return this;
  }

  /**
   * Lets the ranks of a {@link #collective} lag behind each other; by default they wait in every
   * step. A step is computed on the weights after all but the last {@code bound} steps, and moves
   * them when it is complete, in the order of the steps. Epochs and checkpoints within them wait
   * for all. With pinned reads the weights depend on the bound, not on time or on the number of
   * ranks; with the bound 0 they are those of waiting in every step, bit for bit.
   */
  public TrainerBuilder staleness(Staleness value) {
    staleness = Objects.requireNonNull(value, "staleness");
    return this;
  }

  /**
   * Lets rank 0 of a collective end {@link GraphTrainer#fit} between two steps, to go on with other
   * ranks: all throw a {@link io.millrace.ranks.RanksPausedException} after rank 0 has written a
   * checkpoint, which needs {@link #saveTo}. This costs a broadcast in each step.
   *
   * @param request asked on rank 0 after each step; empty to go on. All ranks set one
   */
  public TrainerBuilder pauseWhen(Supplier<Optional<String>> request) {
    pauseWhen = Optional.of(request);
    return this;
  }

  /**
   * @throws BadInputException if the dataset lacks features or labelled training nodes, loss,
   *     weights or metric do not fit its labels, a fanout has not one entry per layer of the model,
   *     the model cannot be saved where it should, a checkpoint is damaged or of another training,
   *     or a feature cache has no room for a row or does not fit into memory
   */
  public GraphTrainer build() {
    Objects.requireNonNull(model, "model");
    if (pauseWhen.isPresent() && directory.isEmpty()) {
      throw BadInputException.of("a training that pauses needs a directory", "saveTo", "none");
    }
    TrainerSettings settings =
        new TrainerSettings(
            model,
            fanout(model, fanout.orElseGet(() -> defaultFanout(model.numHops()))),
            fanout(model, evalFanout.orElseGet(() -> defaultEvalFanout(model.numHops()))),
            draw,
            times,
            batchSize,
            new VirtualNodes(virtualNodes, virtualNodesPerWave),
            evalBatchSize.orElse(defaultEvalBatchSize(batchSize, virtualNodes)),
            new OptimizerSettings(optimizer, learningRate, weightDecay, schedule, clipNorm),
            new Objective(loss, classWeights, metric.orElse(Metric.usual(kind()))),
            links,
            regression,
            patience,
            pipeline,
            seed,
            samplingSeed.orElse(seed),
            computeThreads,
            directory,
            checkpointEvery,
            resumeFrom,
            featureCache,
            partition,
            evaluationCacheBytes,
            sharedBatches,
            device.get(),
            ranks());
    return new GraphTrainer(new TrainingSetup(data, settings));
  }

  private Ranks ranks() {
    return collective
        .map(
            it ->
                virtualNodesOfRanks.isEmpty()
                    ? Ranks.of(it, virtualNodes, rankSum)
                    : Ranks.of(it, virtualNodes, rankSum, virtualNodesOfRanks))
        .orElse(Ranks.ALONE)
        .with(staleness)
        .pausedBy(pauseWhen);
  }

  /** As far as it matters for what is usual: several labels have what classes have. */
  private AnswerKind kind() {
    if (links.isPresent()) {
      return AnswerKind.LINKS;
    }
    return regression ? AnswerKind.TARGETS : AnswerKind.CLASSES;
  }

  /** 15, 10, 5, 5, ... neighbours, hop 1 first. */
  public static Fanout defaultFanout(int numHops) {
    return Fanout.of(
        IntStream.range(0, numHops).map(i -> FANOUT[Math.min(i, FANOUT.length - 1)]).toArray());
  }

  /** {@value #EVAL_FANOUT} neighbours in each hop. */
  public static Fanout defaultEvalFanout(int numHops) {
    return Fanout.uniform(EVAL_FANOUT, numHops);
  }

  /** As many seeds as a virtual node of training has. */
  public static int defaultEvalBatchSize(int batchSize, int virtualNodes) {
    return Math.ceilDiv(batchSize, virtualNodes);
  }

  private static Fanout fanout(GraphModel model, Fanout chosen) {
    return model.numHops() == 0 ? Fanout.of() : chosen;
  }

  private static TorchDevice announced(DeviceChoice choice) {
    TorchDevice found = TorchDevice.of(choice);
    if (choice != DeviceChoice.CPU && !ANNOUNCED.getAndSet(true)) {
      LOGGER.log(System.Logger.Level.INFO, "device: {0}", found.description());
    }
    return found;
  }
}
