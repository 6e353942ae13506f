package io.millrace.datasets.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

  @Test
  void givesEverySeedPurposeAndChunkItsOwnNumbers() {
    Set<Long> numbers = new HashSet<>();
    for (long seed = -2; seed < 8; seed++) {
      for (RandomStream stream : RandomStream.values()) {
        for (long chunk = -1; chunk < 99; chunk++) {
          numbers.add(stream.chunk(seed, chunk).nextLong());
        }
      }
    }
    assertEquals(10 * RandomStream.values().length * 100, numbers.size());
  }

  @Test
  void givesTheSameNumbersAgain() {
    assertEquals(
        RandomStream.EDGES.chunk(3, 4).nextLong(), RandomStream.EDGES.chunk(3, 4).nextLong());
  }
}
