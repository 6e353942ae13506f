package io.millrace.training.inference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.training.inference.chunks.NodeSet;
import io.millrace.training.inference.chunks.ResidentLimit;
import io.millrace.training.metrics.AnswerKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The results of an inference, in the order in which the nodes were requested: chunk by chunk,
 * through a callback ({@link #forEach}), or for any of the requested nodes ({@link #chunk}).
 *
 * <p>They are in mapped files, whose resident part stays within the inference's memory; each chunk
 * is a copy. {@link #close} unmaps them. Shared by all threads.
 */
public final class InferenceResults implements Iterable<ResultChunk>, AutoCloseable {
  private static final int CHUNK_BYTES = 4 << 20;
  private static final int MAX_CHUNK_NODES = 4096;

  /** Some columns of a matrix. */
  private record Columns(FeatureMatrix rows, int from, int count) {
    float[] of(int[] nodes) {
      float[] values = new float[Math.multiplyExact(nodes.length, count)];
      for (int i = 0; i < nodes.length; i++) {
        if (rows.type() == FeatureType.FLOAT32) {
          long offset = (long) nodes[i] * rows.rowBytes() + (long) from * Float.BYTES;
          MemorySegment.copy(rows.rows(), JAVA_FLOAT, offset, values, i * count, count);
        } else {
          for (int c = 0; c < count; c++) {
            values[i * count + c] = rows.get(nodes[i], from + c);
          }
        }
      }
      return values;
    }
  }

  private final Arena arena;
  private final ResidentLimit resident;
  private final Optional<int[]> nodes;
  private final NodeSet asked;
  private final int numNodes;
  private final AnswerKind answers;
  private final Columns logits;
  private final Optional<Columns> embeddings;

  private InferenceResults(
      Arena arena,
      ResidentLimit resident,
      Optional<int[]> nodes,
      NodeSet asked,
      int numNodes,
      AnswerKind answers,
      Columns logits,
      Optional<Columns> embeddings) {
    this.arena = arena;
    this.resident = resident;
    this.nodes = nodes;
    this.asked = asked;
    this.numNodes = numNodes;
    this.answers = answers;
    this.logits = logits;
    this.embeddings = embeddings;
  }

  static InferenceResults open(InferenceSettings settings, List<InferencePass> passes) {
    Arena arena = Arena.ofShared();
    try {
      FeatureMatrix last = passes.getLast().files().rows(arena, false);
      int numClasses = settings.info().numClasses();
      int numNodes = settings.nodes().map(it -> it.length).orElse(last.numNodes());
      Columns logits = new Columns(last, last.dim() - numClasses, numClasses);
      Optional<Columns> embeddings = Optional.empty();
      if (settings.embeddings()) {
        embeddings = Optional.of(embeddings(settings, passes, last, numClasses, arena));
      }
      ResidentLimit resident = new ResidentLimit(settings.data(), settings.mappedBytes());
      resident.watch(last.rows());
      embeddings.ifPresent(it -> resident.watch(it.rows().rows()));
      return new InferenceResults(
          arena,
          resident,
          settings.nodes(),
          settings.nodeSet(),
          numNodes,
          settings.info().answers(),
          logits,
          embeddings);
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  /**
   * A sampling pass stores them before the logits; otherwise they are the input of the last pass.
   */
  private static Columns embeddings(
      InferenceSettings settings,
      List<InferencePass> passes,
      FeatureMatrix last,
      int numClasses,
      Arena arena) {
    if (settings.mode() instanceof InferenceMode.Sampled) {
      return new Columns(last, 0, last.dim() - numClasses);
    }
    FeatureMatrix before =
        passes.size() == 1
            ? settings.data().features()
            : passes.get(passes.size() - 2).files().rows(arena, false);
    return new Columns(before, 0, before.dim());
  }

  /** The number of requested nodes; a node that was requested twice counts twice. */
  public int numNodes() {
    return numNodes;
  }

  public int numClasses() {
    return logits.count();
  }

  /** Whether a node can have several labels, as in the training data. */
  public boolean isMultiLabel() {
    return answers == AnswerKind.LABELS;
  }

  /** Whether the model predicts numbers, which the logits then are. */
  public boolean isTargets() {
    return answers == AnswerKind.TARGETS;
  }

  /** The number of columns of the embeddings; 0 if they were not requested. */
  public int embeddingDim() {
    return embeddings.map(Columns::count).orElse(0);
  }

  /** Whether these are all nodes of the graph, in their order. */
  public boolean isAllNodes() {
    return nodes.isEmpty();
  }

  /**
   * The results of some of the requested nodes.
   *
   * @param some ids, in any order; a moderate number, because all their rows are copied
   * @throws BadInputException if one of them was not requested
   */
  public ResultChunk chunk(int... some) {
    for (int node : some) {
      if (node < 0 || node >= logits.rows().numNodes() || asked.next(node) != node) {
        throw BadInputException.of("there is no result for this node", "id", node);
      }
    }
    return new ResultChunk(
        some.clone(),
        logits.count(),
        isMultiLabel(),
        logits.of(some),
        embeddingDim(),
        embeddings.map(them -> them.of(some)).orElse(new float[0]));
  }

  /** The number of nodes in a chunk of moderate size. */
  int chunkNodes() {
    int rowBytes = (numClasses() + embeddingDim()) * Float.BYTES;
    return Math.clamp(CHUNK_BYTES / rowBytes, 1, MAX_CHUNK_NODES);
  }

  @Override
  public Iterator<ResultChunk> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < numNodes;
      }

      @Override
      public ResultChunk next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int begin = next;
        next = Math.min(numNodes, begin + chunkNodes());
        return chunk(
            nodes
                .map(them -> Arrays.copyOfRange(them, begin, next))
                .orElseGet(() -> IntStream.range(begin, next).toArray()));
      }
    };
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      resident.close();
      arena.close();
    }
  }
}
