package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.training.inference.chunks.NodeRanges;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
  @Test
  void takesEveryNthRange() {
    NodeRanges ranges = new NodeRanges(45, 10);
    assertEquals(List.of(1, 3), Shard.parse("1/2").of(ranges));
    assertEquals(List.of(0, 1, 2, 3, 4), Shard.WHOLE.of(ranges));
    assertEquals(List.of(new Shard(0, 3), new Shard(2, 3)), new Shard(1, 3).others());
    assertEquals(45, ranges.end(4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2/2", "-1/2", "0/0", "1", "a/b", "1/2/3", ""})
  void rejectsWhatIsNoShard(String text) {
    assertThrows(BadInputException.class, () -> Shard.parse(text));
  }
}
