package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Network;
import org.junit.jupiter.api.Test;

/** What a training refuses before the system would kill it. */
class StepMemoryTest {
  @Test
  void countsParametersGradientsMomentsAndTheLargestState() {
    try (Network network = new Network(GraphSage.of(8, 2), 3, 5, 0)) {
      long parameters = network.numParameters();
      StepMemory memory = new StepMemory(network, 2 * parameters);
      assertEquals(
          4 * 4 * parameters + 2 * 4 * (100 * 8),
          memory.bytes(10, layer -> layer == 0 ? 100 : 10),
          "the hidden state");
      assertEquals(
          4 * 4 * parameters + 2 * 4 * (10 * 8), memory.bytes(10, _ -> 10), "no other rows");
    }
  }

  @Test
  void refusesAModelWhoseParametersCannotFitBeforeTheyAreAllocated() {
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> new Network(GraphSage.of(1_000_000, 3), 3, 5, 0));
    assertTrue(
        e.getMessage().startsWith("not enough memory for the parameters of the model: parameters="),
        e.getMessage());
  }

  @Test
  void whatThisProcessHoldsIsNotRefused() {
    AvailableMemory.requireAttainable(1, "a value");
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> AvailableMemory.requireAttainable(1e18, "a value", "name", 1));
    assertTrue(
        e.getMessage()
            .startsWith("not enough memory for a value: name=1, needBytes=1000000000000000000, "),
        e.getMessage());
  }
}
