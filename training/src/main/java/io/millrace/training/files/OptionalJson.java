package io.millrace.training.files;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonSerializer;
import io.millrace.Internal;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.OptionalDouble;

/** Optional values in JSON: an array of one or of none, because Gson knows neither. Stateless. */
@Internal
public final class OptionalJson {
  private static final JsonSerializer<OptionalDouble> FROM_DOUBLE =
      (value, _, _) -> {
        JsonArray array = new JsonArray();
        value.ifPresent(array::add);
        return array;
      };

  private static final JsonDeserializer<OptionalDouble> TO_DOUBLE =
      (json, _, _) ->
          json.getAsJsonArray().asList().stream().mapToDouble(it -> it.getAsDouble()).findAny();

  private static final JsonSerializer<Optional<?>> FROM_OBJECT =
      (value, _, context) -> {
        JsonArray array = new JsonArray();
        value.ifPresent(it -> array.add(context.serialize(it)));
        return array;
      };

  private static final JsonDeserializer<Optional<?>> TO_OBJECT =
      (json, type, context) ->
          json.getAsJsonArray().asList().stream()
              .map(it -> context.<Object>deserialize(it, contentOf(type)))
              .findAny();

  private OptionalJson() {}

  private static Type contentOf(Type optional) {
    return ((ParameterizedType) optional).getActualTypeArguments()[0];
  }

  public static GsonBuilder register(GsonBuilder builder) {
    return builder
        .registerTypeAdapter(OptionalDouble.class, FROM_DOUBLE)
        .registerTypeAdapter(OptionalDouble.class, TO_DOUBLE)
        .registerTypeAdapter(Optional.class, FROM_OBJECT)
        .registerTypeAdapter(Optional.class, TO_OBJECT);
  }
}
