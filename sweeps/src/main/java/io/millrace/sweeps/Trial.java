package io.millrace.sweeps;

import io.millrace.BadInputException;
import java.io.Serial;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One training of a sweep. Immutable.
 *
 * @param number from 0
 * @param seed of its first weights and of dropout: the sweep's seed plus the number
 * @param settings values as texts, by the names of the search space
 */
public record Trial(int number, long seed, Map<String, String> settings) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  public Trial {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * A setting.
   *
   * @throws BadInputException if the space does not have it
   */
  public String text(String name) {
    String value = settings.get(name);
    if (value == null) {
      throw BadInputException.of("the search space lacks a setting", "name", name);
    }
    return value;
  }

  /**
   * A setting that is a number.
   *
   * @throws BadInputException if it is none, or the space does not have it
   */
  public double real(String name) {
    try {
      return Double.parseDouble(text(name));
    } catch (NumberFormatException _) {
      throw BadInputException.of("a setting must be a number", "name", name, "value", text(name));
    }
  }

  /**
   * A setting that is a whole number.
   *
   * @throws BadInputException if it is none, or the space does not have it
   */
  public int integer(String name) {
    try {
      return Integer.parseInt(text(name));
    } catch (NumberFormatException _) {
      throw BadInputException.of(
          "a setting must be a whole number", "name", name, "value", text(name));
    }
  }
}
