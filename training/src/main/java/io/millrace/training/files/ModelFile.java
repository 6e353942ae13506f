package io.millrace.training.files;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.link.PairScorer;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.TorchEngine;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A trained model as a file: its weights and its {@link ModelInfo}. {@code GraphTrainer.model}
 * makes it, and {@link #read} reads it from the directory where {@link #save} wrote it.
 *
 * <p>The file is {@code model.safetensors} in a directory of its own, with the {@link ModelInfo}
 * under "millrace". {@link TensorFile} says how it is written. It is held in the heap, so there is
 * nothing to close. Immutable and shared by all threads.
 */
public final class ModelFile {
  private static final TensorFile STORED = new TensorFile("model", "model.safetensors", "millrace");

  private final Path path;
  private final SafetensorsFile file;

  private ModelFile(Path path, SafetensorsFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Checks that a model can be written there, and leaves nothing behind.
   *
   * @throws BadInputException if not: better before a training than after its first epoch
   */
  @Internal
  public static void requireWritable(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw BadInputException.of(
          "model cannot be saved, no directory to write into",
          "directory",
          directory,
          "found",
          existing);
    }
  }

  /**
   * A model in memory.
   *
   * @param weights all parameters, under their names; they stay the caller's
   */
  @Internal
  public static ModelFile of(ModelInfo info, NDList weights) {
    SafetensorsFile file = STORED.of(weights, info.toJson().toString());
    return new ModelFile(Path.of(STORED.name()), file);
  }

  /**
   * Writes the model, over the one that is there. The old one is replaced in one step.
   *
   * @param directory is made if it is missing
   * @throws BadInputException if it cannot be written; the old model is still there then
   */
  public void save(Path directory) {
    STORED.write(directory, file.bytes());
  }

  /**
   * Reads a model and verifies its checksum.
   *
   * @throws BadInputException if there is none, it is damaged, or a weight is not finite
   */
  public static ModelFile read(Path directory) {
    SafetensorsFile file = STORED.read(directory);
    file.requireFinite(file.names());
    return new ModelFile(STORED.in(directory), file);
  }

  /**
   * Reads a model that {@link #toBytes} gave, and verifies its checksum.
   *
   * @param bytes stay the caller's
   * @throws BadInputException if they are not those of a model, it is damaged, or a weight is not
   *     finite
   */
  @Internal
  public static ModelFile ofBytes(byte[] bytes) {
    SafetensorsFile file = STORED.parse(bytes.clone());
    file.requireFinite(file.names());
    return new ModelFile(Path.of(STORED.name()), file);
  }

  /** The bytes of the file, as {@link #save} writes them; they are the caller's. */
  @Internal
  public byte[] toBytes() {
    return file.bytes().clone();
  }

  /**
   * The description that is stored with the weights.
   *
   * @throws BadInputException if the model is a user's own and its class is not on the class path;
   *     a trainer of such a model can load the weights all the same
   */
  public ModelInfo info() {
    try {
      return ModelInfo.fromJson(
          JsonParser.parseString(file.text(STORED.entry())).getAsJsonObject());
    } catch (BadInputException e) {
      throw named(e);
    } catch (RuntimeException e) { // what Gson makes of a text that we have not written
      throw new BadInputException("model has no metadata of Millrace: file=" + path, e);
    }
  }

  /**
   * Checks that a dataset has as many features as the model takes.
   *
   * @throws BadInputException if not
   */
  @Internal
  public void requireFeatures(GraphDataset data) {
    if (data.features().dim() != info().inputDim()) {
      throw BadInputException.of(
          "the model takes other features",
          "dataset",
          data.name(),
          "columns",
          data.features().dim(),
          "model's",
          info().inputDim(),
          "file",
          path);
    }
  }

  /**
   * Checks that a fanout has an entry for each layer of the model.
   *
   * @throws BadInputException if not
   */
  @Internal
  public void requireLayers(Fanout fanout) {
    if (fanout.numHops() != info().model().numHops()) {
      throw BadInputException.of(
          "fanout must have one entry per layer",
          "fanout",
          fanout,
          "layers",
          info().model().numHops(),
          "file",
          path);
    }
  }

  /** Where it was read from, or its name if it is in memory; for messages. */
  @Internal
  public Path path() {
    return path;
  }

  /**
   * Checks that the loss and the metric of the training can be used, because scores need them.
   *
   * @throws BadInputException if one is a user's own whose class is not on the class path
   */
  @Internal
  public void requireObjective() {
    ModelInfo info = info();
    try {
      info.objective().findLoss(info.answers());
      info.objective().findMetric(info.answers());
    } catch (BadInputException e) {
      throw named(e);
    }
  }

  private BadInputException named(BadInputException e) {
    return new BadInputException(e.getMessage() + ", file=" + path, e);
  }

  /**
   * Writes the weights of a GraphSAGE to a safetensors file by the names that PyG gives them:
   * {@code convs.0.lin_l.weight} and so on. {@code GraphTrainer.loadWeights} reads it back.
   *
   * @param target a file, made or replaced
   * @throws BadInputException if PyG's GraphSAGE cannot be this model, or the file cannot be
   *     written
   */
  public void exportToPyg(Path target) {
    PygNames.requireInPyg(info().model());
    try (NDManager manager = TorchEngine.newManager();
        NDList weights = weights(manager)) {
      PygNames.write(target, weights);
    }
  }

  /**
   * What makes a score of two rows of a model of links: of the output that it gives for two nodes.
   */
  @Internal
  public PairScorer pairScorer() {
    try (NDManager manager = TorchEngine.newManager();
        NDList weights = weights(manager)) {
      return PairScorer.of(info().numClasses(), NamedArrays.byName(weights));
    }
  }

  /** The parameters under their names, owned by the manager. */
  @Internal
  public NDList weights(NDManager manager) {
    return file.tensors(manager);
  }
}
