package io.millrace.serving.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.models.Answer;
import io.millrace.serving.models.AnswerRows;
import io.millrace.serving.models.Model;
import io.millrace.serving.models.ModelContext;
import io.millrace.serving.models.ModelShape;
import io.millrace.serving.protocol.InferRequest;
import io.millrace.serving.protocol.NodeInput;
import io.millrace.serving.protocol.OutputTensor;
import io.millrace.serving.protocol.RequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Answers {@code infer}, and describes a model's inputs and outputs. Thread-safe. */
final class InferHandler {
  /** The longest that a client may ask to wait. */
  private static final long MAX_TIMEOUT_MILLIS = 600_000;

  private final ModelContext context;
  private final NodeResolver resolver;
  private final int maxNodes;

  InferHandler(ModelContext context, int maxNodes) {
    this.context = context;
    this.maxNodes = maxNodes;
    resolver = new NodeResolver(context.data());
  }

  /**
   * @param arrived when the request came, by {@link System#nanoTime}
   */
  JsonObject infer(Model model, byte[] body, long arrived) {
    InferRequest request = InferRequest.parse(body, maxNodes);
    List<String> outputs = outputs(model.shape(), request.outputs());
    long time =
        request.timeoutMillis().isPresent()
            ? Math.min(request.timeoutMillis().getAsLong(), MAX_TIMEOUT_MILLIS) * 1_000_000
            : context.settings().sloNanos();
    long deadline = arrived + time - context.transfer(time);
    Answer answer;
    long begin = System.nanoTime();
    switch (request.input()) {
      case NodeInput.Known known -> {
        int[] nodes = resolver.nodes(known.nodes());
        begin = System.nanoTime();
        answer = model.predict(nodes, deadline);
      }
      case NodeInput.Unknown unknown -> {
        List<NewNode> nodes = resolver.newNodes(unknown);
        begin = System.nanoTime();
        answer = model.predictNew(nodes, deadline);
      }
    }
    JsonObject object = answer(model, request, outputs, answer);
    context.overhead().add(System.nanoTime() - arrived - (answer.readyAt() - begin));
    return object;
  }

  private JsonObject answer(
      Model model, InferRequest request, List<String> outputs, Answer answer) {
    JsonObject object = new JsonObject();
    object.addProperty("model_name", model.name());
    object.addProperty("model_version", answer.version());
    request.id().ifPresent(id -> object.addProperty("id", id));
    if (!answer.usedModels().isEmpty()) {
      JsonArray used = new JsonArray();
      answer.usedModels().forEach(used::add);
      JsonObject parameters = new JsonObject();
      parameters.add("models", used);
      answer.draw().ifPresent(draw -> parameters.addProperty("draw", draw));
      object.add("parameters", parameters);
    }
    JsonArray tensors = new JsonArray();
    outputs.forEach(name -> tensors.add(tensor(name, model.shape(), answer.rows()).json()));
    object.add("outputs", tensors);
    return object;
  }

  private static List<String> known(ModelShape shape) {
    List<String> names = new ArrayList<>(List.of("prediction"));
    if (!shape.multiLabel()) {
      names.add("class");
    }
    names.add("probabilities");
    if (shape.embeddingDim() > 0) {
      names.add("embedding");
    }
    return names;
  }

  private static List<String> outputs(ModelShape shape, List<String> asked) {
    List<String> known = known(shape);
    for (String name : asked) {
      if (!known.contains(name)) {
        throw RequestException.of(400, "no such output", "name", name, "outputs", known);
      }
    }
    return asked.isEmpty() ? known : asked;
  }

  private OutputTensor tensor(String name, ModelShape shape, List<float[]> rows) {
    int n = rows.size();
    int classes = shape.numClasses();
    return switch (name) {
      case "prediction" ->
          shape.multiLabel()
              ? OutputTensor.of(
                  name,
                  List.of(n, classes),
                  rows.stream()
                      .flatMapToInt(
                          row -> IntStream.range(0, classes).map(c -> row[c] > 0.5f ? 1 : 0))
                      .toArray())
              : OutputTensor.of(name, List.of(n), best(rows, classes));
      case "class" ->
          OutputTensor.of(
              name,
              List.of(n),
              Arrays.stream(best(rows, classes)).mapToObj(this::className).toList());
      case "probabilities" -> OutputTensor.of(name, List.of(n, classes), columns(rows, 0, classes));
      default ->
          OutputTensor.of(
              name,
              List.of(n, shape.embeddingDim()),
              columns(rows, classes, classes + shape.embeddingDim()));
    };
  }

  private String className(int label) {
    GraphDataset data = context.data();
    return data.hasLabels() ? data.labels().className(label) : Integer.toString(label);
  }

  private static int[] best(List<float[]> rows, int classes) {
    return rows.stream().mapToInt(row -> AnswerRows.best(row, classes)).toArray();
  }

  private static float[] columns(List<float[]> rows, int begin, int end) {
    float[] values = new float[rows.size() * (end - begin)];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), begin, values, i * (end - begin), end - begin);
    }
    return values;
  }

  JsonObject metadata(Model model) {
    ModelShape shape = model.shape();
    JsonObject object = new JsonObject();
    object.addProperty("name", model.name());
    JsonArray versions = new JsonArray();
    versions.add(model.version());
    object.add("versions", versions);
    object.addProperty("platform", "millrace_pytorch");
    JsonArray inputs = new JsonArray();
    inputs.add(OutputTensor.describe("nodes", "INT64", List.of(-1)));
    inputs.add(OutputTensor.describe("features", "FP32", List.of(-1, shape.inputDim())));
    inputs.add(OutputTensor.describe("neighbors", "INT64", List.of(-1)));
    inputs.add(OutputTensor.describe("neighbors_indptr", "INT64", List.of(-1)));
    object.add("inputs", inputs);
    JsonArray outputs = new JsonArray();
    for (String name : known(shape)) {
      outputs.add(
          switch (name) {
            case "prediction" ->
                OutputTensor.describe(
                    name,
                    "INT32",
                    shape.multiLabel() ? List.of(-1, shape.numClasses()) : List.of(-1));
            case "class" -> OutputTensor.describe(name, "BYTES", List.of(-1));
            case "probabilities" ->
                OutputTensor.describe(name, "FP32", List.of(-1, shape.numClasses()));
            default -> OutputTensor.describe(name, "FP32", List.of(-1, shape.embeddingDim()));
          });
    }
    object.add("outputs", outputs);
    return object;
  }
}
