package io.millrace.serving.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An input of a request.
 *
 * @param shape sizes of its dimensions
 * @param values as many as the shape says, row-major
 */
record InputTensor(String name, String datatype, List<Long> shape, List<JsonElement> values) {
  private static final Set<String> WHOLE =
      Set.of("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64");
  private static final Set<String> REAL = Set.of("FP16", "FP32", "FP64");

  static InputTensor of(JsonElement element) {
    if (!element.isJsonObject()) {
      throw RequestException.bad("an input must be an object");
    }
    JsonObject object = element.getAsJsonObject();
    String name = StrictJson.requiredText(object, "name");
    List<Long> shape = new ArrayList<>();
    StrictJson.array(object, "shape")
        .forEach(size -> shape.add(StrictJson.wholeNumber("shape", size)));
    List<JsonElement> values = new ArrayList<>();
    flatten(StrictJson.array(object, "data"), values);
    requireSize(name, shape, values.size());
    return new InputTensor(name, StrictJson.requiredText(object, "datatype"), shape, values);
  }

  private static void flatten(JsonArray data, List<JsonElement> out) {
    for (JsonElement element : data) {
      if (element.isJsonArray()) {
        flatten(element.getAsJsonArray(), out);
      } else {
        out.add(element);
      }
    }
  }

  private static void requireSize(String name, List<Long> shape, int numValues) {
    long product = 1;
    for (long size : shape) {
      boolean fits = size >= 0 && size <= Integer.MAX_VALUE && product <= Integer.MAX_VALUE;
      product = fits ? product * size : -1;
      if (product < 0) {
        break;
      }
    }
    if (shape.isEmpty() || product != numValues) {
      throw RequestException.of(
          400, "data does not have its shape", "input", name, "shape", shape, "values", numValues);
    }
  }

  boolean isText() {
    return datatype.equals("BYTES");
  }

  long[] wholeNumbers() {
    requireType(WHOLE);
    return values.stream().mapToLong(value -> StrictJson.wholeNumber(name, value)).toArray();
  }

  float[] numbers() {
    requireType(REAL);
    float[] numbers = new float[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = StrictJson.number(name, values.get(i));
    }
    return numbers;
  }

  List<String> texts() {
    requireType(Set.of("BYTES"));
    return values.stream().map(value -> StrictJson.text(name, value)).toList();
  }

  private void requireType(Set<String> allowed) {
    if (!allowed.contains(datatype)) {
      throw RequestException.of(400, "wrong datatype", "input", name, "datatype", datatype);
    }
  }

  void requireRank(int rank) {
    if (shape.size() != rank) {
      throw RequestException.of(400, "wrong shape", "input", name, "shape", shape, "rank", rank);
    }
  }
}
