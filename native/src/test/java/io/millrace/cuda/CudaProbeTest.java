package io.millrace.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CudaProbeTest {
  @Test
  void withoutAGpuGivesAReasonInOneLineAndPrintsNothing() {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    CudaProbe probe;
    try {
      probe = CudaProbe.run();
    } finally {
      System.setErr(err);
    }
    switch (probe) {
      case CudaProbe.Usable _ -> abort("this machine has a GPU");
      case CudaProbe.Unusable(String reason) -> {
        assertFalse(reason.isBlank());
        assertEquals(1, reason.lines().count(), reason);
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void withAGpuNamesItAndItsMemory() {
    switch (CudaProbe.run()) {
      case CudaProbe.Unusable(String reason) -> abort("no GPU: " + reason);
      case CudaProbe.Usable usable -> {
        assertFalse(usable.devices().isEmpty());
        for (CudaDevice device : usable.devices()) {
          assertFalse(device.name().isBlank(), device.toString());
          assertTrue(device.totalBytes() > 0, device.toString());
        }
      }
    }
  }
}
