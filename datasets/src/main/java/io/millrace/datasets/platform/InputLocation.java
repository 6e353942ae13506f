package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;

/** The position of a reader in its input, for error messages. */
@Internal
public interface InputLocation {
  /** An error that names file and line, or file and element, before the given names and values. */
  BadInputException error(String rule, Object... namesAndValues);

  /** Puts names and values in front of others, for {@link BadInputException#of}. */
  static BadInputException error(String rule, Object[] place, Object[] namesAndValues) {
    Object[] all = new Object[place.length + namesAndValues.length];
    System.arraycopy(place, 0, all, 0, place.length);
    System.arraycopy(namesAndValues, 0, all, place.length, namesAndValues.length);
    return BadInputException.of(rule, all);
  }
}
