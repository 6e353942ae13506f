package io.millrace.serving.protocol;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request for predictions.
 *
 * @param id is repeated in the answer
 * @param outputs the names of those that are asked for; none = all
 * @param timeoutMillis how long the client waits, if it says so
 */
public record InferRequest(
    Optional<String> id, NodeInput input, List<String> outputs, OptionalLong timeoutMillis) {
  private static final String NODES = "nodes";
  private static final String FEATURES = "features";
  private static final String NEIGHBORS = "neighbors";
  private static final String BOUNDS = "neighbors_indptr";

  /**
   * Reads a request.
   *
   * @param body JSON
   * @param maxNodes the most nodes that it may ask for
   * @throws RequestException if it is not one
   */
  public static InferRequest parse(byte[] body, int maxNodes) {
    JsonObject object = StrictJson.object(body);
    Map<String, InputTensor> inputs = new LinkedHashMap<>();
    for (JsonElement element : StrictJson.array(object, "inputs")) {
      InputTensor tensor = InputTensor.of(element);
      if (inputs.put(tensor.name(), tensor) != null) {
        throw RequestException.of(400, "input is given twice", "input", tensor.name());
      }
    }
    NodeInput input = input(inputs);
    requireSize(input.size(), maxNodes);
    List<String> outputs = new ArrayList<>();
    if (object.has("outputs")) {
      for (JsonElement element : StrictJson.array(object, "outputs")) {
        if (!element.isJsonObject()) {
          throw RequestException.bad("an output must be an object");
        }
        outputs.add(StrictJson.requiredText(element.getAsJsonObject(), "name"));
      }
    }
    return new InferRequest(StrictJson.text(object, "id"), input, outputs, timeout(object));
  }

  /**
   * Refuses a request for too many nodes.
   *
   * @throws RequestException 413
   */
  public static void requireSize(int numNodes, int maxNodes) {
    if (numNodes > maxNodes) {
      throw RequestException.of(
          413, "too many nodes in a request", "nodes", numNodes, "max", maxNodes);
    }
  }

  private static OptionalLong timeout(JsonObject object) {
    JsonElement value = StrictJson.objectOrEmpty(object, "parameters").get("timeout_ms");
    if (value == null) {
      return OptionalLong.empty();
    }
    long millis = StrictJson.wholeNumber("timeout_ms", value);
    if (millis < 1) {
      throw RequestException.of(400, "timeout_ms must be positive", "timeout_ms", millis);
    }
    return OptionalLong.of(millis);
  }

  private static NodeInput input(Map<String, InputTensor> inputs) {
    for (String name : inputs.keySet()) {
      if (!List.of(NODES, FEATURES, NEIGHBORS, BOUNDS).contains(name)) {
        throw RequestException.of(400, "unknown input", "input", name);
      }
    }
    if (inputs.containsKey(NODES) == inputs.containsKey(FEATURES)) {
      throw RequestException.bad("either nodes or features of new nodes must be given");
    }
    return inputs.containsKey(NODES)
        ? new NodeInput.Known(refs(inputs.get(NODES)))
        : newNodes(inputs);
  }

  private static NodeInput.NodeRefs refs(InputTensor tensor) {
    tensor.requireRank(1);
    return tensor.isText()
        ? new NodeInput.NodeRefs.Names(tensor.texts())
        : new NodeInput.NodeRefs.Ids(tensor.wholeNumbers());
  }

  private static NodeInput newNodes(Map<String, InputTensor> inputs) {
    if (!inputs.containsKey(NEIGHBORS) || !inputs.containsKey(BOUNDS)) {
      throw RequestException.bad("new nodes need features, neighbors and neighbors_indptr");
    }
    InputTensor features = inputs.get(FEATURES);
    features.requireRank(2);
    InputTensor boundsTensor = inputs.get(BOUNDS);
    boundsTensor.requireRank(1);
    NodeInput.NodeRefs neighbors = refs(inputs.get(NEIGHBORS));
    long[] bounds = boundsTensor.wholeNumbers();
    long last = 0;
    boolean rising = bounds.length == features.shape().getFirst() + 1 && bounds[0] == 0;
    for (long bound : bounds) {
      rising &= bound >= last && bound <= neighbors.size();
      last = bound;
    }
    if (!rising || last != neighbors.size()) {
      throw RequestException.of(
          400,
          "neighbors_indptr must rise from 0 to the number of neighbours, one bound per node and"
              + " one",
          "nodes",
          features.shape().getFirst(),
          "bounds",
          bounds.length,
          "neighbors",
          neighbors.size());
    }
    int[] rows = new int[bounds.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (int) bounds[i];
    }
    return new NodeInput.Unknown(features.numbers(), neighbors, rows);
  }
}
