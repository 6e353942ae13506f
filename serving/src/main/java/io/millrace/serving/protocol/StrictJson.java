package io.millrace.serving.protocol;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON as the standard has it, and its members with an error for each mistake. Stateless. */
public final class StrictJson {
  private static final TypeAdapter<JsonElement> ELEMENTS = new Gson().getAdapter(JsonElement.class);

  private static final Pattern PLACE = Pattern.compile("line (\\d+) column (\\d+)");

  private StrictJson() {}

  /**
   * Reads one object.
   *
   * @param body UTF-8
   */
  public static JsonObject object(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = ELEMENTS.read(reader);
      if (reader.peek() == JsonToken.END_DOCUMENT && element.isJsonObject()) {
        return element.getAsJsonObject();
      }
      throw RequestException.bad("the body must be one JSON object");
    } catch (CharacterCodingException e) {
      throw RequestException.bad("the body must be UTF-8");
    } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
      throw RequestException.bad("the body is not JSON" + place(e));
    }
  }

  /** Where Gson has stopped; its advice is meant for programmers. */
  private static String place(Exception e) {
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    return place.find() ? ": line=%s, column=%s".formatted(place.group(1), place.group(2)) : "";
  }

  /** A text, or nothing where the member is missing. */
  public static Optional<String> text(JsonObject object, String name) {
    return Optional.ofNullable(object.get(name)).map(value -> text(name, value));
  }

  /** A value that must be a text. */
  public static String text(String name, JsonElement value) {
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
      return value.getAsString();
    }
    throw RequestException.of(400, "not a string", "name", name);
  }

  /** A text that must be there. */
  static String requiredText(JsonObject object, String name) {
    return text(object, name).orElseThrow(() -> missing(name));
  }

  /** An object, or an empty one where the member is missing. */
  public static JsonObject objectOrEmpty(JsonObject object, String name) {
    JsonElement value = object.get(name);
    if (value == null) {
      return new JsonObject();
    }
    if (!value.isJsonObject()) {
      throw RequestException.of(400, "not an object", "name", name);
    }
    return value.getAsJsonObject();
  }

  /** An array that must be there. */
  public static JsonArray array(JsonObject object, String name) {
    JsonElement value = object.get(name);
    if (value == null) {
      throw missing(name);
    }
    if (!value.isJsonArray()) {
      throw RequestException.of(400, "not an array", "name", name);
    }
    return value.getAsJsonArray();
  }

  private static RequestException missing(String name) {
    return RequestException.of(400, "something is missing", "name", name);
  }

  /** A whole number, exact to 64 bits. */
  public static long wholeNumber(String name, JsonElement value) {
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
      try {
        return Long.parseLong(value.getAsString());
      } catch (NumberFormatException _) { // refused below
      }
    }
    throw RequestException.of(400, "not a whole number of 64 bits", "name", name, "value", value);
  }

  /** A number that is finite as float32. */
  static float number(String name, JsonElement value) {
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
      float number = Float.parseFloat(value.getAsString()); // JSON's numbers are Java's
      if (Float.isFinite(number)) {
        return number;
      }
    }
    throw RequestException.of(400, "not a finite number", "name", name, "value", value);
  }
}
