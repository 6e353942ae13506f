package io.millrace.serving.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;

/**
 * An output of an answer.
 *
 * @param datatype of the protocol
 * @param shape sizes of its dimensions
 * @param data row-major
 */
public record OutputTensor(String name, String datatype, List<Integer> shape, JsonArray data) {
  /** INT32. */
  public static OutputTensor of(String name, List<Integer> shape, int[] values) {
    JsonArray data = new JsonArray(values.length);
    Arrays.stream(values).forEach(data::add);
    return new OutputTensor(name, "INT32", shape, data);
  }

  /** FP32. */
  public static OutputTensor of(String name, List<Integer> shape, float[] values) {
    JsonArray data = new JsonArray(values.length);
    for (float value : values) {
      data.add(value);
    }
    return new OutputTensor(name, "FP32", shape, data);
  }

  /** BYTES, which are UTF-8 text in JSON. */
  public static OutputTensor of(String name, List<Integer> shape, List<String> values) {
    JsonArray data = new JsonArray(values.size());
    values.forEach(data::add);
    return new OutputTensor(name, "BYTES", shape, data);
  }

  /** As an answer has it. */
  public JsonObject json() {
    JsonObject object = description();
    object.add("data", data);
    return object;
  }

  private JsonObject description() {
    return describe(name, datatype, shape);
  }

  /** Name, datatype and shape, as metadata have them; -1 stands for any size. */
  public static JsonObject describe(String name, String datatype, List<Integer> shape) {
    JsonObject object = new JsonObject();
    object.addProperty("name", name);
    JsonArray sizes = new JsonArray();
    shape.forEach(sizes::add);
    object.add("shape", sizes);
    object.addProperty("datatype", datatype);
    return object;
  }
}
