package io.millrace.training.files;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.Arrays;
import java.util.List;

/**
 * Reads and writes a user's own model, loss, metric or schedule by the name of its class.
 * Stateless.
 *
 * <p>The class is not run before it is known to be a record of the right kind. So a file from
 * somebody else can name no other class, and its settings are the components of the record.
 */
@Internal
public final class NamedClass {
  static final String KIND = "kind";
  private static final Gson GSON = new Gson();

  private NamedClass() {}

  /**
   * The thread's context class loader comes first, because it sees a user's classes where Millrace
   * is in a shared folder; in a pool of threads it may be null or another program's, and then
   * Millrace's own finds them.
   *
   * @param what the class is to be, in a sentence: "model"
   * @param known names of Millrace's own, for the message
   * @throws BadInputException if there is no such class, or it is not a record of the type
   */
  static <T> Class<? extends T> find(String name, Class<T> type, String what, List<String> known) {
    for (ClassLoader loader :
        Arrays.asList(
            Thread.currentThread().getContextClassLoader(), NamedClass.class.getClassLoader())) {
      try {
        Class<?> found = Class.forName(name, false, loader);
        if (type.isAssignableFrom(found) && found.isRecord()) {
          return found.asSubclass(type);
        }
      } catch (ClassNotFoundException | LinkageError _) { // the next loader, or refused below
      }
    }
    throw BadInputException.of(
        "unknown kind of " + what + ", and no " + what + " on the class path",
        KIND,
        name,
        "known",
        known);
  }

  /**
   * @throws BadInputException if the settings of a user's own cannot be written
   */
  public static void requireStorable(Object value, String what) {
    try {
      if (value.getClass().isRecord() && GSON.toJsonTree(value).isJsonObject()) {
        return;
      }
    } catch (RuntimeException _) { // Gson's own, or of what it met: a NaN, a class of the JDK
      // refused below
    }
    throw BadInputException.of(
        "a " + what + " that is saved must be a record of plain values",
        what,
        value.getClass().getName());
  }

  /**
   * The text of a user's own: the name of its class and, if it has settings, their JSON, {@code
   * com.example.Quantile{"q":0.9}}.
   */
  public static String text(Object value) {
    JsonObject settings = GSON.toJsonTree(value).getAsJsonObject();
    return value.getClass().getName() + (settings.isEmpty() ? "" : settings);
  }

  /**
   * The inverse of {@link #text}.
   *
   * @throws BadInputException if the class is missing or none of the type, or the settings are not
   *     its
   */
  public static <T> T parse(String text, Class<T> type, String what, List<String> known) {
    int brace = text.indexOf('{');
    String name = brace < 0 ? text : text.substring(0, brace);
    Class<? extends T> found = find(name, type, what, known);
    try {
      JsonElement settings = JsonParser.parseString(brace < 0 ? "{}" : text.substring(brace));
      return GSON.fromJson(settings.getAsJsonObject(), found);
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException e) { // of Gson, or of the record's own constructor
      Throwable cause = e.getCause() instanceof BadInputException ? e.getCause() : e;
      throw new BadInputException(
          "settings of a " + what + " cannot be read: " + KIND + "=" + name + ", cause=" + cause,
          e);
    }
  }
}
