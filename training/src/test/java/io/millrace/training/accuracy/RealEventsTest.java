package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.Progress;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.links.TimeSplit;
import io.millrace.datasets.links.TimedLinks;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.link.LinkBatches;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.sampler.link.TimedLinkPlan;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.metrics.LinkMetrics;
import io.millrace.training.models.Gat;
import io.millrace.training.nn.Norm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events of real graphs, predicted from those before them, next to EdgeBank, which says 1 if the
 * pair was seen before. The graphs have no features: a node has random ones, by which the others
 * know it.
 */
@Tag("exhaustive")
class RealEventsTest {
  private static final int DIM = 256;
  private static final int BATCH_SIZE = 512;

  @TempDir private Path directory;

  @Test
  void messages() {
    assertAbove("collegemsg", EdgeListOptions.defaults(), 0.844, 3, 0.79);
  }

  @Test
  void editsOfWikipedia() {
    EdgeListOptions columns = EdgeListOptions.defaults().withColumns("user", "page");
    assertAbove("wikipedia", columns, 0.942, 2, 0.89);
  }

  /**
   * @param yardstick AUC of EdgeBank over directed events
   * @param least of the model
   */
  private void assertAbove(
      String name, EdgeListOptions options, double yardstick, int numEpochs, double least) {
    try (GraphDataset directed = imported(name, options, false)) {
      assertEquals(yardstick, edgeBankOfRandomDestinations(TimedLinks.of(directed)), 0.005, name);
    }
    try (GraphDataset imported = imported(name, options, true);
        GraphDataset data = withFeatures(imported)) {
      double edgeBank = edgeBank(TimedLinks.of(data), data.graph().numNodes());
      double model = model(data, numEpochs);
      String found = "%s: model %s, EdgeBank %s".formatted(name, model, edgeBank);
      assertTrue(model > least, found);
    }
  }

  private GraphDataset imported(String name, EdgeListOptions options, boolean undirected) {
    Path file =
        Path.of(System.getProperty("millrace.test.data", "none"))
            .resolveSibling("data-temporal/" + name + "/edges.csv.gz");
    assumeTrue(Files.exists(file), "no such file: " + file);
    Path out = directory.resolve(name + "-" + undirected);
    EdgeListImporter.importFiles(
        List.of(file),
        options.withTimeColumn("time"),
        out,
        ImportOptions.defaults().withUndirected(undirected),
        Progress.NONE);
    return GraphDataset.open(out);
  }

  private static GraphDataset withFeatures(GraphDataset data) {
    Random random = new Random(1);
    float[] features = new float[data.graph().numNodes() * DIM];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian() / 2;
    }
    return GraphDataset.builder(data.name(), data.graph())
        .features(FeatureMatrix.of(DIM, features))
        .edges(data.edges())
        .build();
  }

  /**
   * One weight matrix for a node and its neighbours, so that a partner is recognised from the
   * beginning.
   */
  private static double model(GraphDataset data, int numEpochs) {
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(Gat.of(64, 1).norm(Norm.NONE).dropout(0))
            .links(LinkObjective.byTime(TimeSplit.DEFAULT).dim(DIM))
            .fanout(10)
            .evalFanout(10)
            .draw(Draw.latest())
            .batchSize(BATCH_SIZE)
            .learningRate(0.003)
            .computeThreads(1)
            .seed(0)
            .build()) {
      return trainer.fit(numEpochs, TrainingListener.NONE).testMetric();
    }
  }

  /** On pairs that are drawn as those of the model's test. */
  private static double edgeBank(TimedLinks all, int numNodes) {
    TimedLinks test = TimeSplit.DEFAULT.of(all, Split.TEST);
    LinkBatches batches =
        TimedLinkPlan.of(test, 1, all, numNodes)
            .batches(
                EpochPlan.inOrder(IntStream.range(0, test.size()).toArray(), BATCH_SIZE, 0)
                    .epoch(-1));
    Map<Long, Long> first = firstTimes(all);
    float[] positives = new float[test.size()];
    float[] negatives = new float[test.size()];
    int[] size = {0, 0};
    for (int batch = 0; batch < Math.ceilDiv(test.size(), BATCH_SIZE); batch++) {
      LinkSeeds links = batches.links(batch);
      long[] times = batches.times(batch).orElseThrow();
      for (int pair = 0; pair < links.numPairs(); pair++) {
        int src = links.seeds()[links.src()[pair]];
        int dst = links.seeds()[links.dst()[pair]];
        boolean seen = isSeen(first, src, dst, times[links.src()[pair]]);
        if (pair < links.numPositives()) {
          positives[size[0]++] = seen ? 1 : 0;
        } else {
          negatives[size[1]++] = seen ? 1 : 0;
        }
      }
    }
    return LinkMetrics.auc(positives, Arrays.copyOf(negatives, size[1])).orElseThrow();
  }

  /** As it is published of these graphs: each event with a destination of any other. */
  private static double edgeBankOfRandomDestinations(TimedLinks all) {
    TimedLinks test = TimeSplit.DEFAULT.of(all, Split.TEST);
    int[] destinations = Arrays.stream(all.dst()).distinct().toArray();
    Map<Long, Long> first = firstTimes(all);
    Random random = new Random(1);
    float[] positives = new float[test.size()];
    float[] negatives = new float[test.size()];
    for (int i = 0; i < positives.length; i++) {
      long time = test.times()[i];
      int other = destinations[random.nextInt(destinations.length)];
      positives[i] = isSeen(first, test.src()[i], test.dst()[i], time) ? 1 : 0;
      negatives[i] = isSeen(first, test.src()[i], other, time) ? 1 : 0;
    }
    return LinkMetrics.auc(positives, negatives).orElseThrow();
  }

  private static Map<Long, Long> firstTimes(TimedLinks all) {
    Map<Long, Long> first = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      first.putIfAbsent(pair(all.src()[i], all.dst()[i]), all.times()[i]);
    }
    return first;
  }

  private static boolean isSeen(Map<Long, Long> first, int src, int dst, long time) {
    return first.getOrDefault(pair(src, dst), Long.MAX_VALUE) < time;
  }

  private static long pair(int src, int dst) {
    return (long) src << Integer.SIZE | dst;
  }
}
