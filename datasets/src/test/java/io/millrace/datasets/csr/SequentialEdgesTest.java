package io.millrace.datasets.csr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.Expect;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class SequentialEdgesTest {

  /** Gives edges to node 0 from 0, 1, 2 and so on, then fails if it is asked to. */
  private static final class Counting extends SequentialEdges {
    private final int numEdges;
    private final boolean fails;
    private int given;

    Counting(int numEdges, boolean fails) {
      this.numEdges = numEdges;
      this.fails = fails;
    }

    @Override
    public void fill(EdgeBlock block) {
      while (!block.isFull() && given < numEdges) {
        block.add(given++, 0);
      }
      if (!block.isFull() && fails) {
        throw BadInputException.of("line is bad", "line", given);
      }
    }
  }

  @Test
  void numbersBlocksByPositionAndEndsOnce() {
    SequentialEdges edges = new Counting(5, false);
    assertEquals(0, next(edges));
    assertEquals(2, next(edges));
    assertEquals(4, next(edges));
    assertEquals(EdgeSource.END, next(edges));
    assertEquals(EdgeSource.END, next(edges));
  }

  @Test
  void readsNothingBehindAnError() {
    SequentialEdges edges = new Counting(3, true);
    assertEquals(0, next(edges));
    Expect.badInput(() -> next(edges), "line is bad: line=3");
    assertEquals(EdgeSource.END, next(edges));
  }

  private static long next(SequentialEdges edges) {
    try (Arena arena = Arena.ofConfined()) {
      return edges.next(new EdgeBlock(new EdgeBuffer(2, EdgeColumns.NONE, arena), 2));
    }
  }
}
