package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BadInputExceptionTest {
  @Test
  void whatComesOutOfADamagedFileStaysOneLineWithoutControlCharacters() {
    BadInputException e =
        BadInputException.of("not a number", "line", 3, "value", "a\nb\r\0\u001b[31m\u0085\u2028é");
    assertEquals(
        "not a number: line=3, value=a\\x0ab\\x0d\\x00\\x1b[31m\\x85\\x2028é", e.getMessage());
    assertEquals("a; b\\x07", new BadInputException("a \r\n  b\u0007").getMessage());
    assertEquals("a; b", new BadInputException("a\nb", e).getMessage());
  }

  @Test
  void longValuesAreCut() {
    String message = BadInputException.of("no", "value", "x".repeat(5000), "need", 1).getMessage();
    assertEquals("no: value=" + "x".repeat(1000) + "..., need=1", message);
    assertEquals("x".repeat(4000) + "...", new BadInputException("x".repeat(5000)).getMessage());
  }
}
