package io.millrace.training.files;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.models.ModelKind;
import io.millrace.training.nn.GraphModel;
import java.util.Arrays;

/**
 * The description that is stored with a model's weights.
 *
 * @param model kind and settings
 * @param inputDim columns of the features it takes
 * @param numClasses columns of the logits it gives
 * @param multiLabel whether a node can have several of them
 * @param dataset the name of the dataset it was trained on
 * @param fingerprint of that dataset's content
 * @param fanout neighbours per hop in training, hop 1 first
 * @param seed of the run
 * @param epoch after which the weights were taken, from 1; 0 for weights that were not trained
 * @param validAccuracy on the validation nodes then, 0 to 1; NaN if they were not evaluated
 * @param links whether the output is an embedding for link prediction, compared by dot products
 */
public record ModelInfo(
    GraphModel model,
    int inputDim,
    int numClasses,
    boolean multiLabel,
    String dataset,
    String fingerprint,
    String fanout,
    long seed,
    int epoch,
    double validAccuracy,
    boolean links) {
  private static final int MAX_INPUT_DIM = 1 << 24;

  /** A model that predicts classes. */
  public ModelInfo(
      GraphModel model,
      int inputDim,
      int numClasses,
      boolean multiLabel,
      String dataset,
      String fingerprint,
      String fanout,
      long seed,
      int epoch,
      double validAccuracy) {
    this(
        model,
        inputDim,
        numClasses,
        multiLabel,
        dataset,
        fingerprint,
        fanout,
        seed,
        epoch,
        validAccuracy,
        false);
  }

  /** Checks the sizes, because a file may hold any. */
  public ModelInfo {
    if (inputDim < 1 || inputDim > MAX_INPUT_DIM) {
      throw BadInputException.of(
          "a model takes 1 to " + MAX_INPUT_DIM + " columns", "inputDim", inputDim);
    }
    if (numClasses < 1 || numClasses > NodeLabels.MAX_CLASSES) {
      throw BadInputException.of(
          "a model has 1 to " + NodeLabels.MAX_CLASSES + " classes", "numClasses", numClasses);
    }
  }

  private static final Gson GSON = new Gson();
  private static final String MODEL = "model";
  private static final String KIND = "kind";
  private static final String TASK = "task";
  private static final String LINK = "link";

  /**
   * @throws BadInputException if the settings of a model cannot be written
   */
  public static void requireStorable(GraphModel model) {
    try {
      if (model.getClass().isRecord() && GSON.toJsonTree(model).isJsonObject()) {
        return;
      }
    } catch (RuntimeException _) { // Gson's own, or of what it met: a NaN, a class of the JDK
      // refused below
    }
    throw BadInputException.of(
        "a model that is saved must be a record of plain values",
        "model",
        model.getClass().getName());
  }

  /** The components by their names; the model as an object of its kind and its settings. */
  @Internal
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonObject settings = GSON.toJsonTree(model).getAsJsonObject();
    settings.addProperty(KIND, kind(model));
    json.add(MODEL, settings);
    json.addProperty("inputDim", inputDim);
    json.addProperty("numClasses", numClasses);
    json.addProperty("multiLabel", multiLabel);
    if (links) {
      json.addProperty(TASK, LINK);
    }
    json.addProperty("dataset", dataset);
    json.addProperty("fingerprint", fingerprint);
    json.addProperty("fanout", fanout);
    json.addProperty("seed", seed);
    json.addProperty("epoch", epoch);
    if (!Double.isNaN(validAccuracy)) { // JSON has no NaN
      json.addProperty("validAccuracy", validAccuracy);
    }
    return json;
  }

  /** The inverse of {@link #toJson}. */
  static ModelInfo fromJson(JsonObject json) {
    JsonObject settings = json.getAsJsonObject(MODEL);
    String kind = settings.get(KIND).getAsString();
    return new ModelInfo(
        GSON.fromJson(settings, type(kind)),
        json.get("inputDim").getAsInt(),
        json.get("numClasses").getAsInt(),
        json.has("multiLabel") && json.get("multiLabel").getAsBoolean(),
        json.get("dataset").getAsString(),
        json.get("fingerprint").getAsString(),
        json.get("fanout").getAsString(),
        json.get("seed").getAsLong(),
        json.get("epoch").getAsInt(),
        json.has("validAccuracy") ? json.get("validAccuracy").getAsDouble() : Double.NaN,
        json.has(TASK) && json.get(TASK).getAsString().equals(LINK));
  }

  private static Class<? extends GraphModel> type(String kind) {
    return ModelKind.labelled(kind)
        .<Class<? extends GraphModel>>map(ModelKind::type)
        .orElseGet(() -> onTheClassPath(kind));
  }

  /**
   * The class is not run before it is known to be a model. The thread's context class loader comes
   * first, because it sees a user's classes where Millrace is in a shared folder; in a pool of
   * threads it may be null or another program's, and then Millrace's own finds them.
   */
  private static Class<? extends GraphModel> onTheClassPath(String name) {
    for (ClassLoader loader :
        Arrays.asList(
            Thread.currentThread().getContextClassLoader(), ModelInfo.class.getClassLoader())) {
      try {
        Class<?> found = Class.forName(name, false, loader);
        if (GraphModel.class.isAssignableFrom(found) && found.isRecord()) {
          return found.asSubclass(GraphModel.class);
        }
      } catch (ClassNotFoundException | LinkageError _) { // the next loader, or refused below
      }
    }
    throw BadInputException.of(
        "unknown kind of model, and no model on the class path",
        KIND,
        name,
        "known",
        Arrays.stream(ModelKind.values()).map(ModelKind::label).sorted().toList());
  }

  /** A model of the user's own goes by the name of its class. */
  private static String kind(GraphModel model) {
    return ModelKind.of(model).map(ModelKind::label).orElse(model.getClass().getName());
  }
}
