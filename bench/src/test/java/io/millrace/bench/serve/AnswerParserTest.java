package io.millrace.bench.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AnswerParserTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String LAST =
      "HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

  private final AnswerParser parser = new AnswerParser();

  private boolean read(String part) throws IOException {
    return parser.read(ByteBuffer.wrap(part.getBytes(ISO_8859_1)));
  }

  @Test
  void findsTheEndWhereverAnAnswerIsCut() throws IOException {
    for (int cut = 1; cut < OK.length(); cut++) {
      assertFalse(read(OK.substring(0, cut)), "cut at " + cut);
      assertTrue(read(OK.substring(cut)), "cut at " + cut);
      assertFalse(parser.ends());
      assertEquals(200, parser.take());
    }
    assertTrue(read(LAST));
    assertTrue(parser.ends());
    assertEquals(503, parser.take());
  }

  @Test
  void refusesWhatIsNoAnswer() {
    assertThrows(IOException.class, () -> read("SSH-2.0\r\n\r\n"));
    assertThrows(IOException.class, () -> new AnswerParserTest().read(OK + "more"));
    assertThrows(IOException.class, () -> new AnswerParserTest().read("x".repeat(20_000)));
    assertThrows(
        IOException.class,
        () -> new AnswerParserTest().read(OK.replace("Content-Length: 5", "Content-Length: five")));
  }
}
