package io.millrace.datasets.formats.ids;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.datasets.text.MalformedFieldException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** 64-bit ids of any pattern are numbered by first appearance. */
class LongIdsTest {
  private static final int NUM_IDS = 30_000;

  private static int node(LongIds ids, long id) {
    byte[] bytes = Long.toString(id).getBytes(UTF_8);
    return ids.node(bytes, ids.token(bytes, 0, bytes.length));
  }

  @Test
  void numbersIdsByFirstAppearance() {
    var random = RandomGenerator.of("L64X128MixRandom");
    numbers(i -> i);
    numbers(i -> -i);
    numbers(i -> i << 47);
    numbers(i -> Long.MIN_VALUE + i * 14_930_352); // a Fibonacci number
    numbers(_ -> random.nextLong());
    numbers(_ -> random.nextInt(1000));
  }

  private static void numbers(LongUnaryOperator pattern) {
    LongIds ids = new LongIds();
    Map<Long, Integer> expected = new HashMap<>();
    for (int i = 0; i < NUM_IDS; i++) {
      long id = pattern.applyAsLong(i);
      Integer known = expected.putIfAbsent(id, expected.size());
      assertEquals(known == null ? expected.size() - 1 : known, node(ids, id));
    }
    assertEquals(expected.size(), ids.numNodes());
    expected.forEach(
        (id, node) -> {
          assertEquals(node, node(ids, id));
          assertEquals(id, ids.id(node));
          assertEquals(Long.toString(id), new String(ids.name(node), UTF_8));
        });
  }

  @Test
  void addsNoIdOnceItIsComplete() {
    LongIds ids = new LongIds();
    assertEquals(0, node(ids, Long.MAX_VALUE));
    ids.complete();
    assertEquals(0, node(ids, Long.MAX_VALUE));
    assertThrows(MalformedFieldException.class, () -> node(ids, 0));
    assertEquals(1, ids.numNodes());
  }
}
