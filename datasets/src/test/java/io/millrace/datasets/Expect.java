package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import org.junit.jupiter.api.function.Executable;

/** Bad input must give one line that says what it must say. */
public final class Expect {
  private Expect() {}

  public static String badInput(Executable action, String... parts) {
    String message = assertThrows(BadInputException.class, action).getMessage();
    assertFalse(message.contains("\n"), message);
    for (String part : parts) {
      assertTrue(message.contains(part), "\"" + part + "\" is not in: " + message);
    }
    return message;
  }
}
