package io.millrace.transfer;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.cuda.Cuda;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SamplerBuilder;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.TimeRule;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.SlotMemory;
import io.millrace.slicing.SlotPool;
import io.millrace.slicing.disk.DiskFeatures;
import io.millrace.transfer.trace.PipelineTrace;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What a {@link BatchPipeline} is made from; everything but dataset and fanout has a default.
 *
 * <p>A setter throws {@link BadInputException} for a value that is never right. The dataset stays
 * the caller's.
 */
public final class PipelineBuilder {
  /** Initial size of a slot, in bytes. */
  public static final long FIRST_SLOT_BYTES = 4 << 20;

  private final GraphDataset data;
  private final Fanout fanout;
  private Draw draw = Draw.uniform();
  private Optional<TimeRule> timeRule = Optional.empty();
  private boolean degrees;
  private boolean weightedDegrees;
  private EdgeColumns edgeColumns = EdgeColumns.NONE;
  private Optional<EdgeWeights> weights = Optional.empty();
  private PipelineSettings settings = PipelineSettings.defaults();
  private int maxSlots = Integer.MAX_VALUE;
  private int numHeld = 1;
  private long slotBytes = FIRST_SLOT_BYTES;
  private Optional<FeatureType> featureType = Optional.empty();
  private Optional<FeatureStore> features = Optional.empty();
  private Supplier<Placement> placement = () -> Placement.of(DeviceChoice.CPU);

  private PipelineTrace trace = new PipelineTrace();

  PipelineBuilder(GraphDataset data, Fanout fanout) {
    this.data = data;
    this.fanout = fanout;
  }

  /**
   * How neighbours are drawn; by default {@link Draw#uniform}. A draw by weight reads all weights
   * of the dataset once, when the pipeline is built.
   */
  public PipelineBuilder draw(Draw value) {
    draw = value;
    return this;
  }

  /**
   * Looks at nodes at a time, see {@link BatchPlan#times}: only the edges that count then are drawn
   * from. The dataset's edges need times, which are read once when the pipeline is built. By
   * default edges have no times, unless {@link Draw#needsTimes}.
   */
  public PipelineBuilder times(TimeRule value) {
    timeRule = Optional.of(value);
    return this;
  }

  /** Whether batches hold the degrees of their nodes, as some models need; not by default. */
  public PipelineBuilder degrees(boolean value) {
    degrees = value;
    return this;
  }

  /**
   * Whether batches hold the sums of the weights of their nodes' edges in the whole graph; not by
   * default.
   */
  public PipelineBuilder weightedDegrees(boolean value) {
    weightedDegrees = value;
    return this;
  }

  /**
   * The attributes of edges that batches hold, see {@link DeviceBatch#edges}; none by default.
   * {@link #build} checks that the dataset has them, and weights as {@link EdgeWeights} does.
   */
  public PipelineBuilder edgeColumns(EdgeColumns value) {
    edgeColumns = value;
    return this;
  }

  /** The weights of the dataset's edges; by default they are read from it where they are needed. */
  public PipelineBuilder weights(EdgeWeights value) {
    weights = Optional.of(value);
    return this;
  }

  /** How many threads and slots there are; replaces what was set before. */
  public PipelineBuilder settings(PipelineSettings value) {
    settings = value;
    return this;
  }

  /** Sets {@link PipelineSettings#workers}. */
  public PipelineBuilder workers(int value) {
    settings = settings.workers(value);
    return this;
  }

  /** Where the batches go; by default they stay on the host, for the CPU. */
  public PipelineBuilder device(DeviceChoice value) {
    placement = () -> Placement.of(value);
    return this;
  }

  /** Batches go to a GPU that the caller opened. */
  public PipelineBuilder device(Cuda value) {
    placement = () -> new Placement.Gpu(value);
    return this;
  }

  /** Batches that the consumer has open at a time; 1 by default. */
  public PipelineBuilder held(int value) {
    numHeld = Require.positive("held", value);
    return this;
  }

  /** Sets {@link PipelineSettings#deviceSlots}. */
  public PipelineBuilder deviceSlots(int value) {
    settings = settings.deviceSlots(value);
    return this;
  }

  /** Sets {@link PipelineSettings#slots}. */
  public PipelineBuilder slots(int value) {
    settings = settings.slots(value);
    return this;
  }

  /** Limits the default number of slots; further workers wait for a free one. */
  public PipelineBuilder slotsAtMost(int value) {
    maxSlots = Require.positive("slotsAtMost", value);
    return this;
  }

  /** Initial size of a slot, in bytes; a slot grows to what its batches need. */
  public PipelineBuilder slotBytes(long value) {
    slotBytes = value;
    return this;
  }

  /**
   * The type of the features in the batches: by default as the dataset stores them, or float32, to
   * which float16 is widened when it is gathered.
   */
  public PipelineBuilder featureType(FeatureType value) {
    featureType = Optional.of(value);
    return this;
  }

  /**
   * Where the rows come from: by default from the dataset's matrix. The store's own type counts
   * then, not {@link #featureType}. It stays the caller's and is closed after the pipeline.
   */
  public PipelineBuilder features(FeatureStore value) {
    features = Optional.of(value);
    return this;
  }

  /** Records the pipeline's stages; a trace of its own by default. */
  public PipelineBuilder trace(PipelineTrace value) {
    trace = value;
    return this;
  }

  /**
   * @throws BadInputException if there are not as many slots as batches that are open at a time
   */
  public BatchPipeline build() {
    settings.slots().ifPresent(value -> requireRoom("slots", value));
    requireRoom("slotsAtMost", maxSlots);
    settings.deviceSlots().ifPresent(value -> requireRoom("deviceSlots", value));
    return new BatchPipeline(this);
  }

  PipelineTrace trace() {
    return trace;
  }

  Fanout fanout() {
    return fanout;
  }

  Placement placement() {
    return placement.get();
  }

  /** Makes the worker of an index, also when this builder has been changed. */
  IntFunction<BatchWorker> workers(FeatureStore rows) {
    Optional<TimeRule> rule =
        draw.needsTimes() ? timeRule.or(() -> Optional.of(TimeRule.before())) : timeRule;
    Optional<EdgeTimes> times = rule.map(_ -> EdgeTimes.of(data));
    boolean needsWeights = draw.needsWeights() || weightedDegrees || edgeColumns.weights();
    Optional<EdgeWeights> checked =
        needsWeights ? weights.or(() -> Optional.of(EdgeWeights.of(data))) : Optional.empty();
    Slicer slicer = slicer(rows, checked, times, rule);
    SamplerBuilder sampler =
        NeighborSampler.builder(data.graph(), fanout)
            .draw(draw)
            .idMap(settings.idMap())
            .wholeGraph(true)
            .edgePositions(slicer.needsEdgePositions());
    checked.ifPresent(sampler::weights);
    times.ifPresent(it -> sampler.times(it, rule.orElseThrow()));
    int numWorkers = numWorkers();
    PipelineTrace into = trace;
    return index ->
        new BatchWorker(
            index,
            sampler.samplers(Math.max(index + 1, numWorkers)).build(),
            slicer,
            into.track("worker " + index));
  }

  private Slicer slicer(
      FeatureStore rows,
      Optional<EdgeWeights> checked,
      Optional<EdgeTimes> times,
      Optional<TimeRule> rule) {
    if (weightedDegrees && rule.isPresent()) {
      throw BadInputException.of(
          "sums of weights are those of the whole graph, not at a time", "times", rule.get());
    }
    Slicer slicer = Slicer.of(data, rows);
    if (degrees) {
      slicer =
          times.isPresent()
              ? slicer.withDegrees(times.get(), rule.orElseThrow())
              : slicer.withDegrees(data.graph());
    }
    slicer = weightedDegrees ? slicer.withWeightedDegrees(checked.orElseThrow()) : slicer;
    return slicer.withEdges(data.edges(), edgeColumns);
  }

  /** The caller's store, if there is one. */
  Optional<FeatureStore> features() {
    return features;
  }

  /** The rows of the dataset, in memory, mapped or on disk; the pipeline closes them. */
  FeatureStore openFeatures() {
    FeatureType type = featureType.orElse(data.features().type());
    return DiskFeatures.open(data.features(), type);
  }

  SlotPool pool(Placement chosen) {
    return switch (chosen) {
      case Placement.Cpu _ -> SlotPool.of(numSlots(numHeld), slotBytes);
      case Placement.Gpu(Cuda cuda) ->
          SlotPool.of(numSlots(numDeviceSlots()), slotBytes, SlotMemory.pageLocked(cuda));
    };
  }

  CopyEngine engine(Placement chosen, int numHostSlots) {
    return switch (chosen) {
      case Placement.Cpu _ -> new HostCopyEngine(numHostSlots);
      case Placement.Gpu(Cuda cuda) ->
          new CudaCopyEngine(cuda, numHostSlots, numDeviceSlots(), slotBytes);
    };
  }

  private void requireRoom(String name, int chosen) {
    if (chosen < numHeld) {
      throw BadInputException.of(
          "slots must hold the batches that are open at a time", name, chosen, "held", numHeld);
    }
  }

  /** As many as the batches that are open at a time. */
  int fewestSlots() {
    return numHeld;
  }

  int numWorkers() {
    return settings.workers().orElseGet(BatchPipeline::defaultWorkers);
  }

  private int numDeviceSlots() {
    return settings.deviceSlots().orElse(numHeld + 2);
  }

  private int numSlots(int withConsumer) {
    return settings.slots().orElse(Math.min(numWorkers() + 1 + withConsumer, maxSlots));
  }
}
