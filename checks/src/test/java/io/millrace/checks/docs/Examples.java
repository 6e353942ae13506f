package io.millrace.checks.docs;

import static io.millrace.datasets.StorageMode.AUTO;

import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.overlay.GraphOverlay;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.slicing.cache.FeatureCacheReport;
import io.millrace.sweeps.GraphSweep;
import io.millrace.sweeps.ScheduleOptions;
import io.millrace.sweeps.SweepListener;
import io.millrace.sweeps.SweepResult;
import io.millrace.sweeps.pipeline.GraphPipeline;
import io.millrace.sweeps.pipeline.PipelineListener;
import io.millrace.sweeps.pipeline.PipelineStep;
import io.millrace.sweeps.pipeline.StepReport;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.InferenceResults;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.scoring.NodeScorer;
import io.millrace.transfer.PipelineSettings;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import io.millrace.tuning.auto.AutoTuning;
import io.millrace.tuning.auto.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The examples of the pages below docs; README's is {@link Example}. */
final class Examples {
  private Examples() {}

  static FitResult fit(Path dir, Path saved) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(64, 2))
                .fanout(15, 10)
                .evalFanout(Fanout.ALL, Fanout.ALL) // all neighbours
                .metric(Metric.F1_MACRO)
                .patience(3) // epochs without a better one
                .seed(7)
                .saveTo(saved) // the best model and a checkpoint
                .build()) {
      return trainer.fit(10, TrainingListener.NONE);
    }
    // end of the example
  }

  static Optional<FeatureCacheReport> featureCache(Path dir) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir, StorageMode.MAPPED);
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(32, 2))
                .featureCache(CacheSettings.of(64 << 20))
                .build()) {
      trainer.epoch();
      return trainer.featureCache();
    }
    // end of the example
  }

  static Evaluation ownEpochs(Path dir, Path saved, Path work) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(64, 2))
                .fanout(15, 10)
                .batchSize(512)
                .build()) {
      for (int epoch = 0; epoch < 8; epoch++) {
        if (epoch == 6) {
          trainer.learningRate(0.001); // from the next step on
        }
        trainer.epoch();
        trainer.keepBest(); // if it is the best on the validation nodes so far
        trainer.saveCheckpoint(saved);
      }
      trainer.restoreBest();
      trainer.saveModel(saved);
      ResultChunk two = trainer.predict(7, 42);
      int label = two.predicted(0); // of node 7
      System.out.println(label + " with probability " + two.probabilities(0)[label]);
      try (GraphInference inference = GraphInference.builder(data, trainer.model()).build()) {
        return inference.evaluate(work, InferenceListener.NONE).get(Split.TEST); // exact
      }
    }
    // end of the example
  }

  static Evaluation links(Path dir) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir)) {
      HeldOutLinks links = HeldOutLinks.read(dir, data.graph().numNodes());
      try (GraphTrainer trainer =
          GraphTrainer.builder(data)
              .model(GraphSage.of(64, 2))
              .links(LinkObjective.of(links).dim(32))
              .build()) {
        return trainer.fit(3, TrainingListener.NONE).test();
      }
    }
    // end of the example
  }

  static FitResult resume(Path dir, Path saved) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(64, 2))
                .fanout(15, 10)
                .evalFanout(Fanout.ALL, Fanout.ALL)
                .metric(Metric.F1_MACRO)
                .seed(7)
                .resumeFrom(saved)
                .saveTo(saved)
                .build()) {
      trainer.learningRate(0.001); // only if it should be another one
      return trainer.fit(15, TrainingListener.NONE); // the epochs before are counted
    }
    // end of the example
  }

  static void importEdges(Path csv, Path dir) {
    // begin of the example
    EdgeListImporter.importFiles(
        List.of(csv),
        EdgeListOptions.defaults().withColumns("payer", "payee"),
        dir,
        ImportOptions.defaults().withUndirected(true),
        Progress.NONE);
    // end of the example
  }

  static SampledBatch sample(GraphDataset data) {
    // begin of the example
    NeighborSampler sampler = NeighborSampler.of(data.graph(), Fanout.of(15, 10));
    SampledBatch batch = sampler.sample(new int[] {7, 42}, /* batchSeed */ 1);
    // end of the example
    return batch;
  }

  static double infer(Path dir, Path saved, Path work) {
    double sum = 0;
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphInference inference =
            GraphInference.builder(data, ModelFile.read(saved)).embeddings(true).build();
        InferenceResults results = inference.results(work, InferenceListener.NONE)) {
      for (var chunk : results) { // nodes 0, 1, 2, ...
        for (int i = 0; i < chunk.size(); i++) {
          sum += chunk.probabilities(i)[0]; // of the first class; chunk.embedding(i): float[]
        }
      }
    }
    // end of the example
    return sum;
  }

  static void metrics(Path dir) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphTrainer trainer =
            GraphTrainer.builder(data).model(GraphSage.of(32, 2)).batchSize(64).build()) {
      trainer.epoch();
      PipelineMetrics metrics = trainer.metrics(); // without the first 10 batches
      for (Stage stage : Stage.values()) {
        StageTotals totals = metrics.total(stage);
        System.out.printf("%-14s %8.1f ms%n", stage.label(), totals.wallNanos() / 1e6);
      }
    }
    // end of the example
  }

  static void adjustedTraining(Path dir) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(32, 2))
                .pipeline(PipelineSettings.defaults().workers(1).slots(2))
                .computeThreads(1)
                .build()) {
      Limits limits = new Limits(Runtime.getRuntime().availableProcessors(), 1, 1e9);
      AutoTuning auto =
          AutoTuning.of(trainer, limits, decision -> System.out.println(decision.text()));
      trainer.fit(2, auto);
      System.out.println(auto.size().options());
    }
    // end of the example
  }

  static int[] score(Path dir, Path saved, float[] features) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        NodeScorer scorer =
            NodeScorer.builder(data, ModelFile.read(saved))
                .fanout(15, 10) // left out: all neighbours, exact
                .threads(4) // requests at the same time
                .build()) {
      ResultChunk known = scorer.score(7, 42); // classes(), probabilities(), embedding(i)
      ResultChunk unknown = scorer.scoreNew(List.of(new NewNode(features, 7, 42)));
      return new int[] {known.predicted(0), unknown.predicted(0)};
    }
    // end of the example
  }

  static int[] change(GraphDataset data, Path saved, float[] features, Path out) {
    // begin of the example
    GraphOverlay overlay = GraphOverlay.of(data);
    try (NodeScorer scorer = NodeScorer.builder(overlay, ModelFile.read(saved)).build()) {
      int node = overlay.addNode(features);
      overlay.addEdge(7, node); // the new node aggregates from node 7
      overlay.addEdge(node, 7); // and node 7 from it
      overlay.commit(); // both become visible at once
      int[] classes = scorer.score(node, 7).classes();
      overlay.compact(out); // a dataset of its own
      return classes;
    }
    // end of the example
  }

  static SweepResult sweep(Path dir, Path space, Path out) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir)) {
      SweepResult result =
          GraphSweep.builder(
                  trial ->
                      GraphTrainer.builder(data)
                          .model(GraphSage.of(trial.integer("hidden"), 2))
                          .learningRate(trial.real("lr"))
                          .computeThreads(1))
              .space(SearchSpace.read(space))
              .trials(9)
              .schedule(ScheduleOptions.asha(9)) // epochs at most
              .saveTo(out)
              .build()
              .run(SweepListener.NONE);
      System.out.println(result.best().trial().settings() + " " + result.bestValid());
      return result;
    }
    // end of the example
  }

  static List<StepReport> steps(Path edges, Path data, Path model, Path record) {
    // begin of the example
    PipelineStep imported =
        PipelineStep.of(
                "import",
                data,
                _ ->
                    EdgeListImporter.importFiles(
                        List.of(edges),
                        EdgeListOptions.defaults(),
                        data,
                        ImportOptions.defaults().withUndirected(true),
                        Progress.NONE))
            .reads(edges)
            .setting("undirected", true);
    PipelineStep trained =
        PipelineStep.of("train", model, datasets -> train(datasets.open(data, AUTO), model))
            .reads(data)
            .setting("lr", 0.01)
            .resuming(); // train continues from the checkpoint in model
    return GraphPipeline.of(record, List.of(imported, trained)).run(PipelineListener.NONE);
    // end of the example
  }

  private static void train(GraphDataset data, Path model) {
    try {
      Files.writeString(model, data.name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
