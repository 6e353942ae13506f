package io.millrace.serving.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.millrace.serving.models.EnsembleModel;
import io.millrace.serving.models.Model;
import io.millrace.serving.models.ModelContext;
import io.millrace.serving.protocol.InferRequest;
import io.millrace.serving.protocol.NodeInput;
import io.millrace.serving.protocol.RequestException;
import io.millrace.serving.protocol.StrictJson;
import java.util.Arrays;
import java.util.Optional;

/** Takes the true classes of nodes, from which an ensemble learns. Thread-safe. */
final class FeedbackHandler {
  /** Feedback asks each model, and nobody waits for it: it may take so many objectives. */
  private static final int OBJECTIVES = 20;

  /** Characters of an id, because ids are kept. */
  private static final int MAX_ID = 100;

  private final ModelContext context;
  private final NodeResolver resolver;
  private final int maxNodes;

  FeedbackHandler(ModelContext context, int maxNodes) {
    this.context = context;
    this.maxNodes = maxNodes;
    resolver = new NodeResolver(context.data());
  }

  JsonObject learn(Model model, byte[] body, long arrived) {
    if (!(model instanceof EnsembleModel ensemble)) {
      throw RequestException.of(400, "feedback is for an ensemble", "model", model.name());
    }
    if (model.shape().multiLabel()) {
      throw RequestException.of(400, "feedback needs one class per node", "model", model.name());
    }
    JsonObject request = StrictJson.object(body);
    int[] labels = labels(request, model.shape().numClasses());
    Optional<String> draw = StrictJson.text(request, "draw");
    double[] weights =
        draw.isPresent()
            ? ensemble.feedback(draw.get(), labels)
            : ensemble.feedback(
                id(request),
                nodes(request, labels.length),
                labels,
                arrived + OBJECTIVES * context.settings().sloNanos());
    JsonArray values = new JsonArray();
    Arrays.stream(weights).forEach(values::add);
    JsonObject object = new JsonObject();
    object.add("weights", values);
    return object;
  }

  private static Optional<String> id(JsonObject request) {
    Optional<String> id = StrictJson.text(request, "id");
    if (id.filter(it -> it.isEmpty() || it.length() > MAX_ID).isPresent()) {
      throw RequestException.of(
          400, "an id has 1 to " + MAX_ID + " characters", "length", id.get().length());
    }
    return id;
  }

  private int[] labels(JsonObject request, int numClasses) {
    JsonArray given = StrictJson.array(request, "labels");
    InferRequest.requireSize(given.size(), maxNodes);
    long[] labels = numbers(given, "labels");
    for (long label : labels) {
      if (label < 0 || label >= numClasses) {
        throw RequestException.of(400, "no such class", "label", label, "classes", numClasses);
      }
    }
    return Arrays.stream(labels).mapToInt(Math::toIntExact).toArray();
  }

  private int[] nodes(JsonObject request, int numLabels) {
    JsonArray given = StrictJson.array(request, "nodes");
    InferRequest.requireSize(given.size(), maxNodes);
    if (given.size() != numLabels) {
      throw RequestException.of(
          400, "feedback needs a class per node", "nodes", given.size(), "labels", numLabels);
    }
    boolean named = !given.isEmpty() && isText(given.get(0));
    return resolver.nodes(
        named
            ? new NodeInput.NodeRefs.Names(
                given.asList().stream().map(it -> StrictJson.text("nodes", it)).toList())
            : new NodeInput.NodeRefs.Ids(numbers(given, "nodes")));
  }

  private static boolean isText(JsonElement element) {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
  }

  private static long[] numbers(JsonArray array, String name) {
    return array.asList().stream().mapToLong(it -> StrictJson.wholeNumber(name, it)).toArray();
  }
}
