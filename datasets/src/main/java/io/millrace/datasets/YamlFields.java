package io.millrace.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Typed access to a YAML (or JSON) mapping: what is missing or of the wrong type is one clear line.
 *
 * @param file where it came from, for messages
 * @param node the mapping as the YAML library read it
 */
record YamlFields(Path file, Object node) {
  /** Any YAML or JSON document; errors name the file and the line. */
  static YamlFields load(Path file) {
    try {
      Load load = new Load(LoadSettings.builder().build());
      return new YamlFields(file, load.loadFromString(Files.readString(file)));
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    } catch (YamlEngineException e) {
      String message = e.getMessage().lines().map(String::strip).reduce("", (a, b) -> a + " " + b);
      throw new BadInputException("not valid YAML: file=" + file + ", cause=" + message.strip(), e);
    }
  }

  boolean has(String key) {
    return map().get(key) != null;
  }

  YamlFields child(String key) {
    return new YamlFields(file, get(key));
  }

  Map<?, ?> map(String key) {
    return child(key).map();
  }

  /** A list of mappings; empty if there is none. */
  List<YamlFields> list(String key) {
    return switch (map().get(key)) {
      case null -> List.of();
      case List<?> list -> list.stream().map(entry -> new YamlFields(file, entry)).toList();
      case Object other -> throw wrong(key, other, "a list");
    };
  }

  /** A list of texts; empty if there is none. */
  List<String> texts(String key) {
    return switch (map().get(key)) {
      case null -> List.of();
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case Object other -> throw wrong(key, other, "a list");
    };
  }

  String text(String key) {
    return get(key).toString();
  }

  boolean bool(String key) {
    return get(key) instanceof Boolean value ? value : throwWrong(key, "true or false");
  }

  int integer(String key, int min, int max) {
    return (int) number(key, min, max);
  }

  long number(String key, long min, long max) {
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
  double real(String key) {
    if (get(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(key, get(key), "a number");
  }

  BadInputException wrong(String key, Object value, String need) {
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
