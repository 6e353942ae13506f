package io.millrace.training.scoring;

import ai.djl.ndarray.NDList;
import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.overlay.GraphOverlay;
import io.millrace.datasets.overlay.GraphVersion;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.LargeNeighborhoodException;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.SlotPool;
import io.millrace.slicing.disk.DiskFeatures;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.TorchEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Predicts nodes on demand: a trained model over a graph that is open, for a few nodes at a time.
 *
 * <pre>{@code
 * try (NodeScorer scorer = NodeScorer.builder(data, ModelFile.read(dir)).fanout(15, 10, 5).build()) {
 *   int[] classes = scorer.score(7, 42).classes();
 * }
 * }</pre>
 *
 * <p>A node's answer is a function of (weights, graph, fanout, seed): it is the same alone and in
 * company, but for the rounding of float32. With all neighbours, the default, it is that of {@code
 * GraphInference}, which is the class to use for all nodes of a graph.
 *
 * <p>Thread-safe. Nothing is written to disk; memory is that of the weights and of one slot per
 * thread, which grows to the largest batch. Owns its threads, slots and weights until {@link
 * #close}; the dataset is the caller's. The next class to read is {@code ScoringLane}.
 */
public final class NodeScorer implements AutoCloseable {
  /** Nodes per batch; more make slots larger without making a node cheaper. */
  private static final int BATCH_NODES = 256;

  private static final long FIRST_SLOT_BYTES = 1 << 16;

  private final ScorerSettings settings;
  private final Network network;
  private final FeatureStore features;
  private final SlotPool slots;
  private final BlockingQueue<ScoringLane> lanes;
  private final ExecutorService threads;

  NodeScorer(ScorerSettings settings, OptionalInt computeThreads) {
    this.settings = settings;
    ModelInfo info = settings.info();
    network =
        Network.on(settings.device().device(), info.model(), info.inputDim(), info.numClasses(), 0);
    try (NDList weights = settings.file().weights(network.manager())) {
      network.restore(weights);
      network.shareParameters();
      features = DiskFeatures.open(settings.data().features(), FeatureType.FLOAT32);
    } catch (Throwable t) {
      network.close();
      throw t;
    }
    computeThreads.ifPresent(TorchEngine::computeThreads);
    slots = SlotPool.of(settings.threads(), FIRST_SLOT_BYTES);
    lanes = new ArrayBlockingQueue<>(settings.threads());
    threads =
        Executors.newFixedThreadPool(
            settings.threads(), Thread.ofPlatform().daemon().name("millrace-scorer-", 0).factory());
    try {
      for (int i = 0; i < settings.threads(); i++) {
        lanes.add(new ScoringLane(settings, network, features, slots.acquire()));
      }
    } catch (Throwable t) {
      close();
      throw failure(t);
    }
  }

  private static RuntimeException failure(Throwable t) {
    return switch (t) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(t);
    };
  }

  /**
   * @param model a model from {@code GraphTrainer.model}, or from {@link ModelFile#read} where it
   *     was saved
   */
  public static NodeScorerBuilder builder(GraphDataset data, ModelFile model) {
    GraphVersion version = GraphVersion.of(data);
    return new NodeScorerBuilder(data, () -> version, model);
  }

  /** A scorer that answers for the newest version of a graph that changes. */
  public static NodeScorerBuilder builder(GraphOverlay graph, ModelFile model) {
    return new NodeScorerBuilder(graph.current().base(), graph::current, model);
  }

  /** The newest version of the graph: what {@link #score(int...)} answers for. */
  public GraphVersion version() {
    return settings.version().get();
  }

  /** The description of the model. */
  public ModelInfo model() {
    return settings.info();
  }

  /** Neighbours per hop; -1 stands for all. */
  public Fanout fanout() {
    return settings.fanout();
  }

  /** The seed of all samples. */
  public long seed() {
    return settings.seed();
  }

  /** How many edges the neighbourhood of a node may have. */
  public long maxEdges() {
    return settings.maxEdges(network);
  }

  /** Columns of the embeddings of an answer; 0 if none were requested. */
  public int embeddingDim() {
    return settings.embeddings() ? network.stateDim(network.numLayers() - 1) : 0;
  }

  /**
   * Predicts nodes.
   *
   * @param nodes ids, in any order; a node may occur twice
   * @return one row per node, in the order of the argument
   * @throws BadInputException if an id is not a node
   * @throws LargeNeighborhoodException naming the node whose neighbourhood has too many edges
   */
  public ResultChunk score(int... nodes) {
    return score(version(), nodes);
  }

  /**
   * Predicts nodes that the graph does not have, from their features and neighbours. It stays
   * without them. The answers are those for a graph with these nodes, from which nobody aggregates.
   *
   * @return one row per node; their ids in it are those behind the last node
   * @throws BadInputException if the features do not fit, or a neighbour is not a node
   * @throws LargeNeighborhoodException as {@link #score(int...)}
   */
  public ResultChunk scoreNew(List<NewNode> nodes) {
    GraphVersion before = version();
    GraphVersion version = before.with(nodes);
    return score(version, IntStream.range(before.numNodes(), version.numNodes()).toArray());
  }

  /**
   * Predicts nodes of a version of this scorer's graph.
   *
   * @throws BadInputException as {@link #score(int...)}
   * @throws LargeNeighborhoodException as {@link #score(int...)}
   */
  public ResultChunk score(GraphVersion version, int... nodes) {
    if (version.base() != settings.data()) {
      throw new IllegalArgumentException("the version is of another dataset");
    }
    for (int node : nodes) {
      if (node < 0 || node >= version.numNodes()) {
        throw BadInputException.of("no such node", "node", node, "numNodes", version.numNodes());
      }
    }
    try {
      return CompletableFuture.supplyAsync(() -> compute(version, nodes.clone()), threads).join();
    } catch (CompletionException e) {
      throw failure(e.getCause());
    }
  }

  private ResultChunk compute(GraphVersion version, int[] nodes) {
    int numClasses = settings.info().numClasses();
    int embeddingDim = embeddingDim();
    int columns = embeddingDim + numClasses;
    float[] rows = new float[Math.multiplyExact(nodes.length, columns)];
    ScoringLane lane = lanes.remove(); // there is one for each thread
    try {
      for (int begin = 0; begin < nodes.length; begin += BATCH_NODES) {
        batch(lane, version, nodes, begin, Math.min(begin + BATCH_NODES, nodes.length), rows);
      }
    } finally {
      lanes.add(lane);
    }
    float[] logits = new float[nodes.length * numClasses];
    float[] embeddings = new float[nodes.length * embeddingDim];
    for (int i = 0; i < nodes.length; i++) {
      System.arraycopy(rows, i * columns, embeddings, i * embeddingDim, embeddingDim);
      System.arraycopy(rows, i * columns + embeddingDim, logits, i * numClasses, numClasses);
    }
    return new ResultChunk(
        nodes, numClasses, settings.info().multiLabel(), logits, embeddingDim, embeddings);
  }

  /** Computes some nodes in one batch, or in halves if together they have too many edges. */
  private void batch(
      ScoringLane lane, GraphVersion version, int[] nodes, int begin, int end, float[] rows) {
    int columns = rows.length / nodes.length;
    try {
      lane.score(version, Arrays.copyOfRange(nodes, begin, end), rows, begin * columns);
    } catch (LargeNeighborhoodException e) {
      if (end - begin == 1) {
        throw e;
      }
      int middle = (begin + end) >>> 1;
      batch(lane, version, nodes, begin, middle, rows);
      batch(lane, version, nodes, middle, end, rows);
    }
  }

  /** Waits for the requests that are being computed; later ones fail. */
  @Override
  public void close() {
    threads.close();
    List<ScoringLane> all = new ArrayList<>();
    lanes.drainTo(all);
    all.forEach(ScoringLane::close);
    slots.close();
    network.close();
    features.close();
  }
}
