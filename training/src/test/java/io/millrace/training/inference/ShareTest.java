package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {
  @Test
  void takesEveryNthShard() {
    Shards shards = new Shards(45, 10);
    assertEquals(List.of(1, 3), Share.parse("1/2").of(shards));
    assertEquals(List.of(0, 1, 2, 3, 4), Share.WHOLE.of(shards));
    assertEquals(List.of(new Share(0, 3), new Share(2, 3)), new Share(1, 3).others());
    assertEquals(45, shards.end(4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2/2", "-1/2", "0/0", "1", "a/b", "1/2/3", ""})
  void rejectsWhatIsNoShare(String text) {
    assertThrows(BadInputException.class, () -> Share.parse(text));
  }
}
