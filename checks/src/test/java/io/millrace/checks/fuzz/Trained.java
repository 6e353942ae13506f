package io.millrace.checks.fuzz;

import com.google.gson.JsonObject;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.InferenceResults;
import io.millrace.training.inference.OutputOptions;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.PipelineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a training and an inference leave: a model and a checkpoint, sealed by their checksums;
 * weights for other programs; an inference that was interrupted, and the manifest of a finished
 * one.
 */
final class Trained {
  private static final String MODEL = "model.safetensors";
  private static final String CHECKPOINT = "checkpoint.safetensors";

  private final GraphDataset data;
  private final ModelFile model;
  private final Folder files;
  private final Folder history;

  /**
   * @param data with features, labels and nodes to train on
   * @param root an empty folder
   */
  Trained(GraphDataset data, Path root) throws IOException {
    this.data = data;
    fit(root, 1);
    model = ModelFile.read(root);
    model.exportToPyg(root.resolve("pyg.safetensors"));
    files = Folder.read(root);
    Path two = root.resolve("two");
    fit(two, 2);
    history = Folder.read(two);
  }

  private void fit(Path directory, int epochs) {
    try (GraphTrainer trainer = builder().saveTo(directory).build()) {
      trainer.fit(epochs, TrainingListener.NONE);
    }
  }

  private TrainerBuilder builder() {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(4, 2))
        .fanout(2, 2)
        .device(DeviceChoice.CPU)
        .pipeline(PipelineSettings.defaults().workers(1))
        .computeThreads(1);
  }

  private Folder only(String name) {
    return Folder.empty().with(name, files.files().get(name));
  }

  List<Subject> subjects(Path root) throws IOException {
    return List.of(
        new Subject("model", only(MODEL), true, (in, _) -> readModel(in)),
        new Subject("checkpoint", only(CHECKPOINT), true, (in, _) -> readCheckpoint(in)),
        resealedModel(),
        new Resealed(CHECKPOINT, "millrace-checkpoint", files.files().get(CHECKPOINT))
            .subject("checkpoint's description", (in, _) -> resume(in)),
        new Subject("checkpoint's epochs", history, false, (in, _) -> readHistory(in)),
        new Subject("weights", only("pyg.safetensors"), false, (in, _) -> readWeights(in)),
        interrupted(root.resolve("work")),
        finished(root.resolve("predictions")));
  }

  private void readModel(Path in) throws IOException {
    ModelFile.read(in).info();
    Sealed.requireSame(Folder.read(in), only(MODEL));
  }

  /** With a loss and a metric of the user's own, which are named by their classes. */
  private Subject resealedModel() {
    Resealed sealed = new Resealed(MODEL, "millrace", files.files().get(MODEL));
    JsonObject description = sealed.description();
    String docs = "io.millrace.checks.docs.OwnObjective$";
    description.addProperty("loss", docs + "Focal{\"gamma\":2.0}");
    description.addProperty("metric", docs + "TopK{\"k\":1}");
    return sealed.subject("model's description", description, this::inferWith);
  }

  private void inferWith(Path in, Path out) {
    try (GraphInference inference = inference(ModelFile.read(in))) {
      inference.run(out, OutputOptions.PREDICTIONS, InferenceListener.NONE);
    }
  }

  /** Trains one more epoch. */
  private void resume(Path in) {
    try (GraphTrainer trainer = builder().resumeFrom(in).build()) {
      trainer.fit(2, TrainingListener.NONE);
    }
  }

  private void readCheckpoint(Path in) throws IOException {
    boolean missing = Files.notExists(in.resolve(CHECKPOINT));
    try (GraphTrainer trainer = builder().resumeFrom(in).build()) {
      Sealed.require(trainer.position().atStart() == missing, "neither read nor refused");
    }
    Sealed.requireSame(Folder.read(in), missing ? Folder.empty() : only(CHECKPOINT));
  }

  private void readHistory(Path in) {
    builder().resumeFrom(in).build().close();
  }

  private void readWeights(Path in) {
    try (GraphTrainer trainer = builder().build()) {
      trainer.loadWeights(in.resolve("pyg.safetensors"));
    }
  }

  private GraphInference inference() {
    return inference(model);
  }

  private GraphInference inference(ModelFile file) {
    return GraphInference.builder(data, file)
        .rangeNodes(2)
        .device(DeviceChoice.CPU)
        .pipeline(PipelineSettings.defaults().workers(1))
        .computeThreads(1)
        .build();
  }

  private float[] logits(Path work) {
    try (GraphInference inference = inference();
        InferenceResults results = inference.results(work, InferenceListener.NONE)) {
      float[] all = new float[results.numNodes() * results.numClasses()];
      int at = 0;
      for (ResultChunk block : results) {
        System.arraycopy(block.logits(), 0, all, at, block.logits().length);
        at += block.logits().length;
      }
      return all;
    }
  }

  /** Rows that are damaged are computed again. */
  private Subject interrupted(Path work) throws IOException {
    float[] expected = logits(work);
    return new Subject(
        "interrupted inference",
        Folder.read(work),
        false,
        (in, _) -> Sealed.require(Arrays.equals(expected, logits(in)), "other results"));
  }

  private Subject finished(Path out) throws IOException {
    infer(out);
    String manifest = "manifest.json";
    return new Subject(
        "manifest",
        Folder.empty().with(manifest, Files.readAllBytes(out.resolve(manifest))),
        false,
        (in, _) -> infer(in));
  }

  private void infer(Path out) {
    try (GraphInference inference = inference()) {
      inference.run(out, OutputOptions.PREDICTIONS, InferenceListener.NONE);
    }
  }
}
