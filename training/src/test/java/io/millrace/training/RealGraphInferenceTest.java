package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.ImportOptions;
import io.millrace.sampler.Fanout;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Inference layer by layer over real graphs, for every model with random parameters, against one
 * batch that holds the whole graph.
 */
@Tag("exhaustive")
class RealGraphInferenceTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cora", "facebook-pagepage"})
  void equalsTheWholeGraphAtOnce(String name) {
    try (GraphDataset data = RealGraph.imported(folder, name, ImportOptions.defaults())) {
      ModelValuesTest.models().forEach(it -> check(data, (GraphModel) it.get()[0]));
    }
  }

  private void check(GraphDataset data, GraphModel model) {
    int numNodes = data.graph().numNodes();
    ModelFile file =
        TestInference.model(
            folder.resolve("model"), model, data.features().dim(), data.labels().numClasses(), 1);
    InferenceMode atOnce =
        InferenceMode.sampled(Fanout.uniform(Fanout.ALL, model.numHops())).batchSize(numNodes);
    float[] expected =
        TestInference.logits(
            data, file, folder.resolve("once"), it -> it.mode(atOnce).shardNodes(numNodes));
    float[] found =
        TestInference.logits(
            data, file, folder.resolve("layers"), it -> it.shardNodes(1000).memory(16 << 20));
    double difference = TestInference.difference(expected, found);
    assertTrue(difference < TOLERANCE, model + ": " + difference);
    PassFiles.delete(folder.resolve("once"));
    PassFiles.delete(folder.resolve("layers"));
  }
}
