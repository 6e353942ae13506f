package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.GraphModel;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A number that a real graph's neighbourhoods tell: the mean, over a page's neighbours, of a fixed
 * combination of their features, plus noise of a third of its spread. So no model can have an R2
 * above 0.9.
 */
@Tag("exhaustive")
class PlantedTargetsTest {
  private static final double NOISE = 1 / 3.0;

  @TempDir private Path directory;

  @Test
  void aRegressionLearnsFromTheNeighboursWhatThePageAloneDoesNotTell() {
    try (GraphDataset pages =
            RealGraph.imported(directory, "facebook-pagepage", ImportOptions.defaults());
        GraphDataset data = planted(pages)) {
      double sage = r2(data, GraphSage.of(64, 2));
      double mlp = r2(data, Mlp.of(64, 2));

      assertTrue(sage > 0.6 && sage > mlp + 0.15, "sage=" + sage + ", mlp=" + mlp);
    }
  }

  private static double r2(GraphDataset data, GraphModel model) {
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(model)
            .regression()
            .fanout(10, 10)
            .evalFanout(-1, -1)
            .batchSize(512)
            .learningRate(0.01)
            .computeThreads(1)
            .build()) {
      FitResult result = trainer.fit(15, TrainingListener.NONE);
      return result.testMetric();
    }
  }

  private static GraphDataset planted(GraphDataset pages) {
    Random random = new Random(5);
    int numNodes = pages.graph().numNodes();
    int dim = pages.features().dim();
    double[] weights = random.doubles(dim, -1, 1).toArray();
    double[] own = new double[numNodes];
    for (int v = 0; v < numNodes; v++) {
      for (int c = 0; c < dim; c++) {
        own[v] += weights[c] * pages.features().get(v, c);
      }
    }
    double[] means = new double[numNodes];
    for (int v = 0; v < numNodes; v++) {
      int degree = pages.graph().degree(v);
      for (int i = 0; i < degree; i++) {
        means[v] += own[pages.graph().neighbor(pages.graph().rowStart(v) + i)] / degree;
      }
    }
    standardise(means);
    float[] targets = new float[numNodes];
    for (int v = 0; v < numNodes; v++) {
      targets[v] = (float) (means[v] + NOISE * random.nextGaussian());
    }
    GraphDataset.Builder builder =
        GraphDataset.builder("pages", pages.graph()).features(pages.features()).targets(targets, 1);
    for (Split split : Split.values()) {
      builder.split(split, pages.nodes(split));
    }
    return builder.build();
  }

  private static void standardise(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - mean) / Math.sqrt(variance);
    }
  }
}
