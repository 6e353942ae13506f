package io.millrace.serving.models;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.Fingerprint;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.scoring.NodeScorer;
import io.millrace.training.scoring.NodeScorerBuilder;
import io.millrace.training.torch.TorchEngine;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads versions of a model.
 *
 * @param name under which it answers
 * @param directory where {@code train --save} has kept it
 * @param table a folder of its results, for {@link ModelSettings.Mode#TABLE}
 */
record ModelLoader(String name, Path directory, Optional<Path> table, ModelContext context) {
  ServedModel load(int number, int firstLimit) {
    ModelSettings settings = context.settings();
    GraphDataset data = context.data();
    ModelFile file = ModelFile.read(directory);
    ModelInfo info = file.info();
    if (info.targets()) {
      throw BadInputException.of(
          "a model of targets is not served, infer computes its values", "model", name);
    }
    boolean sampled = settings.mode() == ModelSettings.Mode.SAMPLED;
    Fanout fanout =
        sampled
            ? settings.fanout().orElseGet(() -> Fanout.parse(info.fanout()))
            : Fanout.uniform(Fanout.ALL, info.model().numHops());
    AnswerKey.Scope scope =
        new AnswerKey.Scope(
            weights(file),
            info.toJson().get("model").toString(),
            data.fingerprint(),
            settings.mode().name(),
            fanout.toString(),
            settings.seed(),
            settings.embeddings());
    RowSource rows;
    int embeddingDim = 0;
    if (settings.mode() == ModelSettings.Mode.TABLE) {
      Path folder =
          table.orElseThrow(
              () -> BadInputException.of("mode table needs a folder of results", "model", name));
      rows = StoredRows.open(folder, data, scope, info.numClasses());
    } else {
      NodeScorerBuilder builder =
          NodeScorer.builder(data, file)
              .fanout(fanout)
              .seed(settings.seed())
              .embeddings(settings.embeddings())
              .computeThreads(settings.computeThreads());
      settings.maxEdges().ifPresent(builder::maxEdges);
      NodeScorer scorer = builder.build();
      embeddingDim = scorer.embeddingDim();
      rows = new ScoredRows(scorer);
    }
    ModelShape shape =
        new ModelShape(info.numClasses(), info.multiLabel(), embeddingDim, info.inputDim());
    ServedModel model = new ServedModel(name, number, scope, shape, rows, context, firstLimit);
    try {
      model.warm(data.graph().numNodes());
    } catch (Throwable t) {
      model.retire();
      model.awaitFreed();
      throw t;
    }
    return model;
  }

  private static String weights(ModelFile file) {
    try (NDManager manager = TorchEngine.newManager();
        NDList weights = file.weights(manager)) {
      return Fingerprint.of(weights);
    }
  }
}
