package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AvailableMemoryTest {
  @Test
  void attainableIsWhatIsHeldAndAvailableWithSwapUpToTheLimitOfTheContainer() {
    assertEquals(13, AvailableMemory.attainable(2, 5, 6, 16));
    assertEquals(8, AvailableMemory.attainable(2, 5, 6, 8));
  }
}
