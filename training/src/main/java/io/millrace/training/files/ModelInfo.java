package io.millrace.training.files;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.link.Decoder;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.models.ModelKind;
import io.millrace.training.nn.GraphModel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The description that is stored with a model's weights.
 *
 * @param model kind and settings
 * @param inputDim columns of the features it takes
 * @param numClasses columns of the logits it gives
 * @param answers what the output is compared with: for {@link AnswerKind#LINKS} it is an embedding
 * @param dataset the name of the dataset it was trained on
 * @param fingerprint of that dataset's content
 * @param fanout neighbours per hop in training, hop 1 first
 * @param seed of the run
 * @param epoch after which the weights were taken, from 1; 0 for weights that were not trained
 * @param validAccuracy on the validation nodes then, 0 to 1; NaN if they were not evaluated
 * @param objective loss and metric of the training, as far as they are not the usual ones
 * @param decoder of {@link AnswerKind#LINKS}; otherwise {@link Decoder#DOT}, and not used
 */
public record ModelInfo(
    GraphModel model,
    int inputDim,
    int numClasses,
    AnswerKind answers,
    String dataset,
    String fingerprint,
    String fanout,
    long seed,
    int epoch,
    double validAccuracy,
    ObjectiveText objective,
    Decoder decoder) {
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
        multiLabel ? AnswerKind.LABELS : AnswerKind.CLASSES,
        dataset,
        fingerprint,
        fanout,
        seed,
        epoch,
        validAccuracy,
        ObjectiveText.USUAL,
        Decoder.DOT);
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
    if (decoder != Decoder.DOT && answers != AnswerKind.LINKS) {
      throw BadInputException.of(
          "only a model of links has a decoder", DECODER, decoder, "answers", answers);
    }
  }

  private static final Gson GSON = new Gson();
  private static final String MODEL = "model";
  private static final String TASK = "task";
  private static final String LINK = "link";
  private static final String REGRESSION = "regression";
  private static final String LOSS = "loss";
  private static final String METRIC = "metric";
  private static final String DECODER = "decoder";
  private static final String MLP = "mlp";

  /** Whether a node can have several of the classes. */
  public boolean multiLabel() {
    return answers == AnswerKind.LABELS;
  }

  /** Whether the output is numbers, not classes. */
  public boolean targets() {
    return answers == AnswerKind.TARGETS;
  }

  /** Whether the output is an embedding for link prediction. */
  public boolean links() {
    return answers == AnswerKind.LINKS;
  }

  /**
   * @throws BadInputException if the settings of a model cannot be written
   */
  public static void requireStorable(GraphModel model) {
    NamedClass.requireStorable(model, MODEL);
  }

  /** The components by their names; the model as an object of its kind and its settings. */
  @Internal
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonObject settings = GSON.toJsonTree(model).getAsJsonObject();
    settings.addProperty(NamedClass.KIND, kind(model));
    json.add(MODEL, settings);
    json.addProperty("inputDim", inputDim);
    json.addProperty("numClasses", numClasses);
    json.addProperty("multiLabel", multiLabel());
    switch (answers) {
      case LINKS -> json.addProperty(TASK, LINK);
      case TARGETS -> json.addProperty(TASK, REGRESSION);
      case CLASSES, LABELS -> {} // files that were written before have no task
    }
    objective.loss().ifPresent(it -> json.addProperty(LOSS, it));
    objective.metric().ifPresent(it -> json.addProperty(METRIC, it));
    if (decoder == Decoder.MLP) {
      json.addProperty(DECODER, MLP);
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
    String kind = settings.get(NamedClass.KIND).getAsString();
    return new ModelInfo(
        GSON.fromJson(settings, type(kind)),
        json.get("inputDim").getAsInt(),
        json.get("numClasses").getAsInt(),
        answers(json),
        json.get("dataset").getAsString(),
        json.get("fingerprint").getAsString(),
        json.get("fanout").getAsString(),
        json.get("seed").getAsLong(),
        json.get("epoch").getAsInt(),
        json.has("validAccuracy") ? json.get("validAccuracy").getAsDouble() : Double.NaN,
        new ObjectiveText(text(json, LOSS), text(json, METRIC)),
        decoder(json));
  }

  private static Decoder decoder(JsonObject json) {
    String name = text(json, DECODER).orElse("");
    return switch (name) {
      case "" -> Decoder.DOT; // files that were written before have none
      case MLP -> Decoder.MLP;
      default ->
          throw BadInputException.of(
              "model has an unknown decoder", DECODER, name, "known", List.of(MLP));
    };
  }

  private static AnswerKind answers(JsonObject json) {
    boolean several = json.has("multiLabel") && json.get("multiLabel").getAsBoolean();
    String task = text(json, TASK).orElse("");
    return switch (task) {
      case LINK -> AnswerKind.LINKS;
      case REGRESSION -> AnswerKind.TARGETS;
      case "" -> several ? AnswerKind.LABELS : AnswerKind.CLASSES;
      default ->
          throw BadInputException.of(
              "model is of an unknown task", TASK, task, "known", List.of(LINK, REGRESSION));
    };
  }

  private static Optional<String> text(JsonObject json, String name) {
    return Optional.ofNullable(json.get(name)).map(JsonElement::getAsString);
  }

  private static Class<? extends GraphModel> type(String kind) {
    return ModelKind.labelled(kind)
        .<Class<? extends GraphModel>>map(ModelKind::type)
        .orElseGet(
            () ->
                NamedClass.find(
                    kind,
                    GraphModel.class,
                    "model",
                    Arrays.stream(ModelKind.values()).map(ModelKind::label).sorted().toList()));
  }

  /** A model of the user's own goes by the name of its class. */
  private static String kind(GraphModel model) {
    return ModelKind.of(model).map(ModelKind::label).orElse(model.getClass().getName());
  }
}
