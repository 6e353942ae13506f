package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.InputLocation;
import java.nio.charset.StandardCharsets;

/**
 * A value in a text table cannot be used. It is thrown where file and line are not known, and
 * {@link #at} adds them where they are. It has no stack trace.
 */
@Internal
public final class MalformedFieldException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_SHOWN = 40;

  private final String rule;
  private final transient Object[] namesAndValues;

  public MalformedFieldException(String rule, Object... namesAndValues) {
    super(rule, null, false, false);
    this.rule = rule;
    this.namesAndValues = namesAndValues.clone();
  }

  /** A field that breaks a rule, with its text. */
  public static MalformedFieldException of(String rule, byte[] bytes, int start, int end) {
    int shown = Math.min(end - start, MAX_SHOWN);
    return new MalformedFieldException(
        rule, "value", new String(bytes, start, shown, StandardCharsets.UTF_8));
  }

  public BadInputException at(InputLocation place) {
    return place.error(rule, namesAndValues);
  }
}
