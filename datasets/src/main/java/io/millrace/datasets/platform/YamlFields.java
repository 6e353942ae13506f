package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Typed access to a YAML or JSON mapping. A missing key or a wrong type is an error of one line.
 *
 * @param file where it came from, for messages
 * @param node the mapping as the YAML library read it
 */
@Internal
public record YamlFields(Path file, Object node) {
  /** Room for the names of the classes that an import takes, escaped. */
  public static final int MAX_BYTES = 1 << 19;

  private static final int MAX_DEPTH = 64;
  // No aliases of lists and mappings: a few lines of them can expand to billions of entries.
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setMaxAliasesForCollections(0).setCodePointLimit(MAX_BYTES).build();

  /** Any YAML or JSON document; errors name the file and the line. */
  public static YamlFields load(Path file) {
    return of(file, read(file));
  }

  /** The text of a description; its length is limited. */
  public static String read(Path file) {
    try {
      return LimitedText.read(file, MAX_BYTES, "description is too long");
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  public static YamlFields of(Path file, String text) {
    try {
      requireFlat(file, text);
      return new YamlFields(file, new Load(SETTINGS).loadFromString(text));
    } catch (YamlEngineException e) {
      String message = e.getMessage().lines().map(String::strip).reduce("", (a, b) -> a + " " + b);
      throw new BadInputException("not valid YAML: file=" + file + ", cause=" + message.strip(), e);
    }
  }

  /** Limits the depth, because the library reads nested collections by recursion. */
  private static void requireFlat(Path file, String text) {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      depth +=
          switch (event) {
            case CollectionStartEvent _ -> 1;
            case CollectionEndEvent _ -> -1;
            default -> 0;
          };
      if (depth > MAX_DEPTH) {
        throw BadInputException.of(
            "description is nested too deeply", "file", file, "depth", depth, "max", MAX_DEPTH);
      }
    }
  }

  public boolean has(String key) {
    return map().get(key) != null;
  }

  public YamlFields child(String key) {
    return new YamlFields(file, get(key));
  }

  public Map<?, ?> map(String key) {
    return child(key).map();
  }

  /** A list of mappings; empty if there is none. */
  public List<YamlFields> list(String key) {
    return switch (map().get(key)) {
      case null -> List.of();
      case List<?> list -> list.stream().map(entry -> new YamlFields(file, entry)).toList();
      case Object other -> throw wrong(key, other, "a list");
    };
  }

  /** A list of texts; empty if there is none. */
  public List<String> texts(String key) {
    return switch (map().get(key)) {
      case null -> List.of();
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case Object other -> throw wrong(key, other, "a list");
    };
  }

  public String text(String key) {
    return switch (get(key)) {
      case Collection<?> list -> throw wrong(key, list, "a text");
      case Map<?, ?> map -> throw wrong(key, map, "a text");
      case Object scalar -> scalar.toString();
    };
  }

  /** A file or folder, named from a folder on. */
  public Path path(String key, Path folder) {
    try {
      return folder.resolve(text(key));
    } catch (InvalidPathException _) {
      throw wrong(key, text(key), "a path");
    }
  }

  public boolean bool(String key) {
    return get(key) instanceof Boolean value ? value : throwWrong(key, "true or false");
  }

  public int integer(String key, int min, int max) {
    return (int) number(key, min, max);
  }

  public long number(String key, long min, long max) {
    Object value = get(key);
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw wrong(key, value, "an integer from " + min + " to " + max);
  }

  /** A finite number. */
  public double real(String key) {
    if (get(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(key, get(key), "a number");
  }

  public BadInputException wrong(String key, Object value, String need) {
    return BadInputException.of(
        "wrong value in description", "file", file, "key", key, "value", value, "need", need);
  }

  private boolean throwWrong(String key, String need) {
    throw wrong(key, get(key), need);
  }

  private Object get(String key) {
    Object value = map().get(key);
    if (value == null) {
      throw BadInputException.of("missing key in description", "file", file, "key", key);
    }
    return value;
  }

  private Map<?, ?> map() {
    if (node instanceof Map<?, ?> map) {
      return map;
    }
    throw BadInputException.of("description must be a mapping", "file", file);
  }
}
