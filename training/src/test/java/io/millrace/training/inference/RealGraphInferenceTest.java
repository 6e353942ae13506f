package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.training.accuracy.RealGraph;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.models.ModelValuesTest;
import io.millrace.training.models.SmallGraph;
import io.millrace.training.nn.GraphModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Inference layer by layer over real graphs, for every model with random parameters, against the
 * models' formulas over the whole graph at once.
 */
@Tag("exhaustive")
class RealGraphInferenceTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cora", "facebook-pagepage"})
  void equalsTheFormulaOverTheWholeGraph(String name) {
    try (GraphDataset data = RealGraph.imported(folder, name, ImportOptions.defaults())) {
      ModelValuesTest.models().forEach(it -> check(data, (GraphModel) it.get()[0]));
    }
  }

  private void check(GraphDataset data, GraphModel model) {
    int inputDim = data.features().dim();
    int numClasses = data.labels().numClasses();
    ModelFile file = TestInference.model(folder.resolve("model"), model, inputDim, numClasses, 1);
    float[] expected = TestInference.reference(file, model, SmallGraph.of(data), numClasses);
    Path work = folder.resolve("work");
    float[] found =
        TestInference.logits(data, file, work, it -> it.rangeNodes(1000).memory(16 << 20));
    double difference = TestInference.difference(expected, found);
    assertTrue(difference < TOLERANCE, model + ": " + difference);
    PassFiles.delete(work);
  }
}
