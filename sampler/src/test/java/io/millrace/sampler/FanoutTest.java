package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FanoutTest {
  @Test
  void putsTheHopNextToTheSeedsFirst() {
    Fanout fanout = Fanout.parse("15, 10,-1");

    assertEquals(3, fanout.numHops());
    assertEquals(15, fanout.at(1));
    assertEquals(Fanout.ALL, fanout.at(3));
    assertEquals(Fanout.of(15, 10, -1), fanout);
    assertEquals("15,10,-1", fanout.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15,", "a", "0", "-2", "1.5", "99999999999"})
  void rejectsWhatIsNoFanout(String text) {
    assertThrows(BadInputException.class, () -> Fanout.parse(text));
  }
}
