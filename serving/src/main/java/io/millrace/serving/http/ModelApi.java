package io.millrace.serving.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.millrace.serving.models.Model;
import io.millrace.serving.models.ModelContext;
import io.millrace.serving.models.ModelSlot;
import io.millrace.serving.protocol.RequestException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses of models.
 *
 * <pre>
 *   GET  /v2                                           name, version
 *   GET  /v2/models                                    names
 *   GET  /v2/models/NAME[/versions/V]                  inputs and outputs
 *   GET  /v2/models/NAME[/versions/V]/ready
 *   POST /v2/models/NAME[/versions/V]/infer
 *   POST /v2/models/NAME/feedback                      of an ensemble
 *   POST /v2/repository/models/NAME/load               reads the model again
 * </pre>
 *
 * <p>Thread-safe.
 */
final class ModelApi {
  private final Map<String, Model> models;
  private final InferHandler inferring;
  private final FeedbackHandler feedback;

  ModelApi(ModelContext context, Map<String, Model> models, int maxNodes) {
    this.models = models;
    inferring = new InferHandler(context, maxNodes);
    feedback = new FeedbackHandler(context, maxNodes);
  }

  /**
   * @param arrived when the request came, by {@link System#nanoTime}
   * @throws RequestException if it is refused
   */
  JsonObject answer(Exchange exchange, List<String> path, long arrived) throws IOException {
    if (!path.getFirst().equals("v2")) {
      throw noSuchAddress();
    }
    if (path.size() == 1) {
      exchange.require("GET");
      return serverMetadata();
    }
    if (path.equals(List.of("v2", "models"))) {
      exchange.require("GET");
      return names();
    }
    if (path.size() == 5
        && path.subList(1, 3).equals(List.of("repository", "models"))
        && path.get(4).equals("load")) {
      exchange.require("POST");
      return load(model(path.get(3)));
    }
    if (path.size() < 3 || !path.get(1).equals("models")) {
      throw noSuchAddress();
    }
    Model model = model(path.get(2));
    List<String> rest = path.subList(3, path.size());
    Optional<String> version = Optional.empty();
    if (rest.size() >= 2 && rest.getFirst().equals("versions")) {
      version = Optional.of(rest.get(1));
      requireVersion(model, version, model.version());
      rest = rest.subList(2, rest.size());
    }
    return of(exchange, model, version, String.join("/", rest), arrived);
  }

  private JsonObject of(
      Exchange exchange, Model model, Optional<String> version, String action, long arrived)
      throws IOException {
    switch (action) {
      case "" -> {
        exchange.require("GET");
        return inferring.metadata(model);
      }
      case "ready" -> {
        exchange.require("GET");
        JsonObject object = new JsonObject();
        object.addProperty("name", model.name());
        object.addProperty("ready", true);
        return object;
      }
      case "infer" -> {
        exchange.require("POST");
        JsonObject answer = inferring.infer(model, exchange.body(), arrived);
        requireVersion(model, version, answer.get("model_version").getAsString());
        return answer;
      }
      case "feedback" -> {
        exchange.require("POST");
        return feedback.learn(model, exchange.body(), arrived);
      }
      default -> throw noSuchAddress();
    }
  }

  private static JsonObject serverMetadata() {
    JsonObject object = new JsonObject();
    object.addProperty("name", "millrace");
    object.addProperty(
        "version",
        Optional.ofNullable(ModelApi.class.getPackage().getImplementationVersion()).orElse("dev"));
    object.add("extensions", new JsonArray());
    return object;
  }

  private JsonObject names() {
    JsonArray names = new JsonArray();
    models.keySet().stream().sorted().forEach(names::add);
    JsonObject object = new JsonObject();
    object.add("models", names);
    return object;
  }

  private static JsonObject load(Model model) {
    if (!(model instanceof ModelSlot slot)) {
      throw RequestException.of(400, "an ensemble is not loaded", "model", model.name());
    }
    JsonObject object = new JsonObject();
    object.addProperty("name", model.name());
    object.addProperty("version", Integer.toString(slot.reload()));
    return object;
  }

  private Model model(String name) {
    Model model = models.get(name);
    if (model == null) {
      throw RequestException.of(404, "no such model", "name", name);
    }
    return model;
  }

  /** The version that answers may have been replaced since it was asked for. */
  private static void requireVersion(Model model, Optional<String> asked, String answering) {
    if (asked.isPresent() && !asked.get().equals(answering)) {
      throw RequestException.of(
          404, "no such version", "model", model.name(), "version", asked.get());
    }
  }

  static RequestException noSuchAddress() {
    return RequestException.of(404, "no such address", "see", "/v2");
  }
}
