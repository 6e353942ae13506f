package io.millrace.datasets.csr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.Expect;
import io.millrace.datasets.TestEdges;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildMemoryTest {

  @ParameterizedTest
  @CsvSource({
    "268435456, 268435456",
    "256m, 268435456",
    "1.5g, 1610612736",
    "1GiB, 1073741824",
    "2T, 2199023255552"
  })
  void readsSizes(String text, long bytes) {
    assertEquals(bytes, BuildMemory.parse(text).bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "g", "-1g", "1x", "1e9", "1 g", "99999999999g"})
  void refusesWhatIsNoSize(String text) {
    Expect.badInput(
        () -> BuildMemory.parse(text), "not a size such as 512m or 1.5g: memory=" + text);
  }

  @Test
  void refusesTooLittle() {
    Expect.badInput(
        () -> BuildMemory.parse("255m"), "too little memory to build a graph: memory=267386880");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 1000})
  void buffersAndRunsTogetherStayWithinTheMemory(int featureDim) {
    EdgeColumns columns =
        featureDim == 0 ? EdgeColumns.NONE : new EdgeColumns(true, true, true, featureDim);
    EdgeSource source = new TestEdges(new int[0][], columns);
    for (String text : new String[] {"256m", "1g", "100g"}) {
      BuildMemory memory = BuildMemory.parse(text);
      SortMemory sizes = SortMemory.of(memory, source, EdgeOptions.UNDIRECTED);
      long blockBytes =
          sizes.blockRecords(EdgeOptions.UNDIRECTED) * EdgeBuffer.bytesPerRecord(columns);
      assertTrue(sizes.workers() * blockBytes <= sizes.bufferBytes(), sizes.toString());
      assertTrue(sizes.bufferBytes() + sizes.storeBytes() < memory.bytes(), sizes.toString());
      for (int runs : new int[] {1, 1000}) {
        int piece = sizes.pieceRecords(runs, columns, EdgeOptions.UNDIRECTED);
        long mergeBytes =
            sizes.mergeWorkers(piece, columns) * (piece * EdgeBuffer.bytesPerRecord(columns));
        assertTrue(mergeBytes <= sizes.bufferBytes(), sizes + ", runs=" + runs);
      }
    }
  }
}
