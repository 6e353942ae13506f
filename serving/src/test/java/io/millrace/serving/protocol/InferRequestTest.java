package io.millrace.serving.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InferRequestTest {
  private static final String IDS =
      """
      {"id":"42","inputs":[{"name":"nodes","shape":[2],"datatype":"INT64","data":[7,42]}],
       "outputs":[{"name":"probabilities"}],"parameters":{"timeout_ms":20,"other":1}}
      """;

  private static InferRequest parse(String text) {
    return InferRequest.parse(text.getBytes(StandardCharsets.UTF_8), 100);
  }

  private static RequestException refused(String text) {
    RequestException e = assertThrows(RequestException.class, () -> parse(text));
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
    return e;
  }

  private static String input(String tensor) {
    return "{\"inputs\":[" + tensor + "]}";
  }

  @Test
  void readsIdsNamesAndNewNodes() {
    InferRequest ids = parse(IDS);
    assertEquals("42", ids.id().orElseThrow());
    assertEquals(20, ids.timeoutMillis().orElseThrow());
    assertEquals(List.of("probabilities"), ids.outputs());
    NodeInput.Known known = assertInstanceOf(NodeInput.Known.class, ids.input());
    assertArrayEquals(new long[] {7, 42}, ((NodeInput.NodeRefs.Ids) known.nodes()).ids());

    NodeInput.Known named =
        (NodeInput.Known)
            parse(
                    input(
                        """
                        {"name":"nodes","shape":[2],"datatype":"BYTES","data":["alice","bob"]}\
                        """))
                .input();
    assertEquals(List.of("alice", "bob"), ((NodeInput.NodeRefs.Names) named.nodes()).names());

    NodeInput.Unknown unknown =
        (NodeInput.Unknown)
            parse(
                    input(
                        """
                        {"name":"features","shape":[2,2],"datatype":"FP32","data":[[1,2],[3,4.5]]},
                        {"name":"neighbors","shape":[3],"datatype":"INT64","data":[5,6,7]},
                        {"name":"neighbors_indptr","shape":[3],"datatype":"INT64","data":[0,1,3]}\
                        """))
                .input();
    assertArrayEquals(new float[] {1, 2, 3, 4.5f}, unknown.features());
    assertArrayEquals(new int[] {0, 1, 3}, unknown.bounds());
  }

  @Test
  void keepsWholeNumbersExactTo64Bits() {
    for (long id : new long[] {(1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      NodeInput.Known known =
          (NodeInput.Known)
              parse(
                      input(
                          "{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":["
                              + id
                              + "]}"))
                  .input();
      assertArrayEquals(new long[] {id}, ((NodeInput.NodeRefs.Ids) known.nodes()).ids());
    }
    refused(
        input(
            "{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[9223372036854775808]}"));
    refused(input("{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1.5]}"));
    refused(input("{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1e400]}"));
  }

  @Test
  void refusesWhatIsNoRequestInOneLine() {
    assertEquals("the body must be one JSON object", refused("[]").getMessage());
    assertEquals("something is missing: name=inputs", refused("{}").getMessage());
    refused("");
    refused("{} {}");
    refused("{'inputs':[]}");
    refused(input(""));
    refused(input("7"));
    refused(input("{\"name\":\"nodes\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[1]}"));
    refused(input("{\"name\":\"nodes\",\"shape\":[-1],\"datatype\":\"INT64\",\"data\":[1]}"));
    refused(input("{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}"));
    refused(input("{\"name\":\"nodes\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[1]}"));
    refused(input("{\"name\":\"nodes\",\"shape\":[1,1],\"datatype\":\"INT64\",\"data\":[1]}"));
    refused(input("{\"name\":\"zoe\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1]}"));
    refused(IDS.replace(":20,", ":-1,"));
    refused("[".repeat(100_000));
    refused("{\"a\":".repeat(100_000));
    RequestException many =
        refused(
            input(
                "{\"name\":\"nodes\",\"shape\":[101],\"datatype\":\"INT64\",\"data\":["
                    + "1,".repeat(100)
                    + "1]}"));
    assertEquals(413, many.status());
  }

  @Test
  void endsWithAValueOrOneLineWhateverIsSent() {
    Random random = new Random(7);
    byte[] valid = IDS.getBytes(StandardCharsets.UTF_8);
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = valid.clone();
      for (int k = 0; k <= i % 4; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        InferRequest.parse(damaged, 100);
        accepted++;
      } catch (RequestException e) {
        assertTrue(e.status() == 400 || e.status() == 413, e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
    assertTrue(accepted > 100 && accepted < 19_000, "accepted " + accepted);
  }
}
