package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A GPU without enough memory is told in one line: what was asked, what is free, what helps. */
class GpuMemoryTest {
  private static String told(Throwable failure) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertEquals(1, new ErrorReporter(err, false).of(failure));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void thatTheBatchesDoNotGet() {
    RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1, 10_000);
    Throwable failure =
        assertThrows(CudaOutOfMemoryException.class, () -> cuda.deviceAlloc(10_001));
    String expected =
        "millrace: out of GPU memory: code=cudaErrorMemoryAllocation (2), call=cudaMalloc,"
            + " askedBytes=10001, freeBytes=10000; needs less with a smaller --batch-size,"
            + " --eval-batch-size or --fanout, fewer --device-slots\n";

    assertEquals(expected, told(failure));
    assertEquals(expected, told(new IllegalStateException("copying failed", failure)));
  }

  @Test
  void thatTheModelDoesNotGet() {
    String torch =
        "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.15 GiB"
            + " of which 3.05 GiB is free. Process 7 has 76.09 GiB memory in use. Of the allocated"
            + " memory 75.00 GiB is allocated by PyTorch, and 10.00 MiB is reserved by PyTorch but"
            + " unallocated.\nException raised from malloc";
    assertEquals(
        "millrace: out of GPU memory: asked=20.00 GiB, free=3.05 GiB; needs less with a smaller"
            + " --hidden, --batch-size, --eval-batch-size or --fanout, fewer --device-slots\n",
        told(new IllegalStateException(new RuntimeException(torch))));
  }
}
