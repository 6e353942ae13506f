package io.millrace.datasets.formats.ids;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.text.MalformedFieldException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Names are numbered by one thread at a time and looked up by all. */
class NameIdsTest {
  private final NameIds ids = new NameIds();

  private int node(String name) {
    byte[] bytes = name.getBytes(UTF_8);
    return ids.node(bytes, ids.token(bytes, 0, bytes.length));
  }

  @Test
  void numbersNamesByFirstAppearance() {
    int[] nodes = {node("b"), node("a"), node("b"), node("ab"), node("a"), node("\u00e9")};
    assertArrayEquals(new int[] {0, 1, 0, 2, 1, 3}, nodes);
    assertEquals(4, ids.numNodes());
    assertEquals("ab", new String(ids.name(2), UTF_8));
  }

  @Test
  void numbersANameOnceThoughItsTokensWereReadBeforeIt() {
    byte[] bytes = "annann".getBytes(UTF_8);
    long first = ids.token(bytes, 0, 3);
    long second = ids.token(bytes, 3, 6);
    assertEquals(0, ids.node(bytes, first));
    assertEquals(0, ids.node(bytes, second));
    assertEquals(0, ids.node(new byte[0], ids.token(bytes, 0, 3))); // a known name needs no text
    assertEquals(1, ids.numNodes());
  }

  @Test
  void keepsNamesUpToTheLongest() {
    for (int length : new int[] {1, 7, 8, 9, 65_535, 65_536}) {
      String name = "x".repeat(length);
      int node = node(name);
      assertEquals(node, node(name));
      assertEquals(name, new String(ids.name(node), UTF_8));
    }
    assertEquals(6, ids.numNodes());
    assertThrows(MalformedFieldException.class, () -> node("x".repeat(65_537)));
  }

  @Test
  void refusesWhatIsNoName() {
    assertThrows(MalformedFieldException.class, () -> node(""));
    byte[] latin1 = {'a', (byte) 0xe9};
    assertThrows(MalformedFieldException.class, () -> ids.node(latin1, ids.token(latin1, 0, 2)));
    assertEquals(0, ids.numNodes());
  }

  @Test
  void addsNoNameOnceItIsComplete() {
    node("a");
    ids.complete();
    assertEquals(0, node("a"));
    assertThrows(MalformedFieldException.class, () -> node("b"));
    assertEquals(1, ids.numNodes());
  }

  /** The table and the lists of names grow several times below the threads that search. */
  @Test
  void findsTheRightNodeWhileAnotherThreadAddsNames() {
    int numNames = 200_000;
    byte[][] names = new byte[numNames][];
    for (int i = 0; i < numNames; i++) {
      names[i] = ("name-" + i * 7L + "-".repeat(i % 60)).getBytes(UTF_8);
    }
    AtomicInteger added = new AtomicInteger();
    CompletableFuture<Integer> search =
        CompletableFuture.supplyAsync(() -> search(names, added))
            .thenCombine(CompletableFuture.supplyAsync(() -> search(names, added)), Integer::sum);
    for (int i = 0; i < numNames; i++) {
      assertEquals(i, ids.node(names[i], ids.token(names[i], 0, names[i].length)));
      added.setRelease(i + 1);
    }
    assertTrue(search.join() >= 2 * numNames);
  }

  /** Searches all names, known or not, until all are known; returns how many were found. */
  private int search(byte[][] names, AtomicInteger added) {
    int found = 0;
    for (boolean last = false; !last; ) {
      last = added.getAcquire() == names.length;
      for (int i = 0; i < names.length; i += last ? 1 : 97) {
        boolean known = i < added.getAcquire();
        long token = ids.token(names[i], 0, names[i].length);
        if (token < 0) {
          assertEquals(i, ids.node(names[i], token));
          found++;
        } else {
          assertTrue(!known, "name is known, but not found: i=" + i);
        }
      }
    }
    return found;
  }
}
