package io.millrace.datasets.generator;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetArray;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.csr.BuildMemory;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeSource;
import io.millrace.datasets.platform.DiskSpace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * The kinds of synthetic graphs. Each is drawn on all cores and written as a dataset directory; the
 * same options give the same bytes, whatever the number of threads.
 *
 * <p>Edges and features are streamed, see {@link CsrBuilder}.
 */
public enum GraphGenerator {
  /** Communities with informative features and labels: {@code PlantedModel}. */
  PLANTED(
      GeneratorOptions.of(10_000, 60_000)
          .withUndirected(true)
          .withFeatures(64, FeatureType.FLOAT32)
          .withClasses(10),
      36) {
    @Override
    RandomGraphModel model(GeneratorOptions options) {
      return new PlantedModel(options);
    }
  },

  /** Recursive matrix, a few hubs and many small degrees: {@code RmatModel}. */
  RMAT(GeneratorOptions.of(1 << 20, 16 << 20), 0) {
    @Override
    RandomGraphModel model(GeneratorOptions options) {
      return new RmatModel(options);
    }

    @Override
    GeneratorOptions fit(GeneratorOptions options, Progress progress) {
      int numNodes = options.numNodes();
      if (numNodes > RmatModel.MAX_NODES) {
        throw BadInputException.of(
            "too many nodes for rmat", "nodes", numNodes, "max", RmatModel.MAX_NODES);
      }
      int powerOfTwo = Integer.highestOneBit(2 * numNodes - 1);
      if (powerOfTwo != numNodes) {
        progress.note(
            "rmat rounds nodes up to a power of two: nodes=" + numNodes + ", used=" + powerOfTwo);
      }
      return options.withNodes(powerOfTwo);
    }
  },

  /** Chung-Lu with the degrees of ogbn-products: {@code ChungLuModel}. */
  CHUNG_LU(GeneratorOptions.of(1 << 20, 25 << 20), 20) {
    @Override
    RandomGraphModel model(GeneratorOptions options) {
      return new ChungLuModel(options);
    }
  };

  /**
   * Version of the generated files: raised when the same options give different files than before.
   */
  public static final int FORMAT = 1;

  /** Heap that labels and splits take. */
  private static final int LABEL_BYTES_PER_NODE = 12;

  private final GeneratorOptions defaults;
  private final int heapBytesPerNode;

  /**
   * @param heapBytesPerNode heap that the model takes at most, in bytes per node, without {@link
   *     #LABEL_BYTES_PER_NODE}
   */
  GraphGenerator(GeneratorOptions defaults, int heapBytesPerNode) {
    this.defaults = defaults;
    this.heapBytesPerNode = heapBytesPerNode;
  }

  /** Default options of the kind, to start from. */
  public GeneratorOptions defaults() {
    return defaults;
  }

  abstract RandomGraphModel model(GeneratorOptions options);

  GeneratorOptions fit(GeneratorOptions options, Progress progress) {
    return options;
  }

  /** The kind's name on the command line and in descriptions, for instance {@code chung-lu}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @param out the dataset directory to write; must not exist
   * @return what was written
   * @throws BadInputException if {@code out} exists or an option is out of its range; nothing is
   *     left at {@code out}
   */
  public DatasetDescription generate(GeneratorOptions asked, Path out, Progress progress) {
    return generate(asked, out, BuildMemory.ofAvailable(), progress);
  }

  /** As above, within the given memory, of which the model takes its part. */
  public DatasetDescription generate(
      GeneratorOptions asked, Path out, BuildMemory memory, Progress progress) {
    GeneratorOptions options = fit(asked, progress);
    requireHeap(options);
    BuildMemory left = memory.without(heapBytes(options), "nodes", options.numNodes());
    DiskSpace.require(out, options.bytes());
    try (DatasetWriter writer = DatasetWriter.create(out)) {
      RandomGraphModel model = model(options);
      long numEdges = writeGraph(model, options, left, writer, progress);
      if (options.numClasses() > 0) {
        writer.write(DatasetArray.of(NodeLabels.of(options.numClasses(), model.labels())));
        splits(options).forEach((split, nodes) -> writer.write(DatasetArray.of(split, nodes)));
      }
      boolean hasFeatures = options.featureDim() > 0;
      if (hasFeatures) {
        new GeneratedFeatures(model, options, progress).writeTo(writer);
      }
      return writer.commit(
          new DatasetDescription(
              label(),
              options.numNodes(),
              numEdges,
              !options.undirected(),
              hasFeatures
                  ? Optional.of(
                      new DatasetDescription.Features(options.featureDim(), options.featureType()))
                  : Optional.empty(),
              options.numClasses() > 0 ? OptionalInt.of(options.numClasses()) : OptionalInt.empty(),
              List.of(),
              Optional.empty(),
              "generated: " + label() + ", seed " + options.seed(),
              Optional.empty(),
              Optional.empty(),
              Map.of()));
    }
  }

  private void requireHeap(GeneratorOptions options) {
    long needBytes = heapBytes(options);
    long heapBytes = Runtime.getRuntime().maxMemory();
    if (needBytes > heapBytes) {
      throw BadInputException.of(
          "too many nodes for the heap of Java, give it more (-Xmx) or generate rmat",
          "nodes",
          options.numNodes(),
          "needBytes",
          needBytes,
          "heapBytes",
          heapBytes);
    }
  }

  private long heapBytes(GeneratorOptions options) {
    int perNode = heapBytesPerNode + (options.numClasses() > 0 ? LABEL_BYTES_PER_NODE : 0);
    return (long) options.numNodes() * perNode;
  }

  private static long writeGraph(
      RandomGraphModel model,
      GeneratorOptions options,
      BuildMemory memory,
      DatasetWriter writer,
      Progress progress) {
    EdgeSource edges = new GeneratedEdges(model, options);
    try (CsrBuilder builder =
        CsrBuilder.read(
            edges, options.numNodes(), options.edgeOptions(), memory, writer, progress)) {
      return builder.writeTo(writer, options.numNodes());
    }
  }

  /** A random permutation of all nodes, divided into three parts, each ascending. */
  private static Map<Split, int[]> splits(GeneratorOptions options) {
    SplittableRandom random = RandomStream.SPLIT.chunk(options.seed(), 0);
    int numNodes = options.numNodes();
    int[] nodes = new int[numNodes];
    for (int i = 0; i < numNodes; i++) {
      int j = random.nextInt(i + 1);
      nodes[i] = nodes[j];
      nodes[j] = i;
    }
    int train = (int) Math.round(numNodes * options.trainShare());
    int valid = (int) Math.min(numNodes - train, Math.round(numNodes * options.validShare()));
    Map<Split, int[]> splits = new EnumMap<>(Split.class);
    splits.put(Split.TRAIN, Arrays.copyOfRange(nodes, 0, train));
    splits.put(Split.VALID, Arrays.copyOfRange(nodes, train, train + valid));
    splits.put(Split.TEST, Arrays.copyOfRange(nodes, train + valid, numNodes));
    splits.values().forEach(Arrays::sort);
    return splits;
  }
}
