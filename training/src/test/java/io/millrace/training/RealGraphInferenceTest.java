package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.ImportOptions;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Inference layer by layer over real graphs, for every model with random parameters, against the
 * models' formulas over the whole graph at once.
 */
@Tag("exhaustive")
class RealGraphInferenceTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  static Stream<Arguments> graphsAndModels() {
    return Stream.of("cora", "facebook-pagepage")
        .flatMap(name -> ModelValuesTest.models().map(model -> Arguments.of(name, model.get()[0])));
  }

  @ParameterizedTest
  @MethodSource("graphsAndModels")
  void equalsTheFormulaOverTheWholeGraph(String name, GraphModel model) {
    try (GraphDataset data = RealGraph.imported(folder, name, ImportOptions.defaults())) {
      int inputDim = data.features().dim();
      int numClasses = data.labels().numClasses();
      ModelFile file = TestInference.model(folder.resolve("model"), model, inputDim, numClasses, 1);
      float[] expected = TestInference.reference(file, model, SmallGraph.of(data), numClasses);
      float[] found =
          TestInference.logits(
              data, file, folder.resolve("work"), it -> it.shardNodes(1000).memory(16 << 20));
      double difference = TestInference.difference(expected, found);
      assertTrue(difference < TOLERANCE, () -> "difference " + difference);
    }
  }
}
