package io.millrace.training.torch;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.training.OpenResources;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LibTorchTest {
  private final OpenResources open = new OpenResources();
  private final Arena arena = Arena.ofConfined();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    arena.close();
    open.close();
  }

  @Test
  void wrapsMemoryWithoutACopy() {
    MemorySegment memory = arena.allocateFrom(JAVA_FLOAT, 1, 2, 3, 4, 5, 6);
    NDArray x = LibTorch.tensor(manager, Device.cpu(), memory, DataType.FLOAT32, new Shape(2, 3));
    memory.setAtIndex(JAVA_FLOAT, 4, 50);
    assertArrayEquals(new float[] {1, 2, 3, 4, 50, 6}, x.toFloatArray());
    assertEquals(new Shape(2, 3), x.getShape());
    assertEquals(11, x.get(1).get(0).getFloat() + x.get(0).get(1).getFloat() + 5);
  }

  @Test
  void widensFloat16() {
    MemorySegment memory = arena.allocate(JAVA_SHORT, 2);
    memory.setAtIndex(JAVA_SHORT, 0, Float.floatToFloat16(0.5f));
    memory.setAtIndex(JAVA_SHORT, 1, Float.floatToFloat16(-3f));
    NDArray x = LibTorch.tensor(manager, Device.cpu(), memory, DataType.FLOAT16, new Shape(1, 2));
    assertArrayEquals(new float[] {0.5f, -3f}, x.toType(DataType.FLOAT32, false).toFloatArray());
  }

  @Test
  void wrapsATensorWithoutElements() {
    MemorySegment memory = arena.allocate(64, 64).asSlice(0, 0);
    NDArray x = LibTorch.tensor(manager, Device.cpu(), memory, DataType.INT32, new Shape(0));
    assertEquals(0, x.size());
  }

  @Test
  void refusesMemoryOfAnotherSizeThanTheShape() {
    MemorySegment memory = arena.allocate(24, 8);
    assertRefused(memory, DataType.FLOAT32, new Shape(2, 4));
    assertRefused(memory, DataType.FLOAT32, new Shape(5));
    assertRefused(memory, DataType.FLOAT64, new Shape(6));
  }

  @Test
  void refusesMemoryThatIsMisalignedOrOnTheHeapOrClosed() {
    assertRefused(arena.allocate(25, 8).asSlice(1), DataType.FLOAT32, new Shape(6));
    assertRefused(MemorySegment.ofArray(new float[6]), DataType.FLOAT32, new Shape(6));
    MemorySegment closed;
    try (Arena shortLived = Arena.ofConfined()) {
      closed = shortLived.allocate(24, 8);
    }
    assertRefused(closed, DataType.FLOAT32, new Shape(6));
  }

  @Test
  void refusesATypeThatWouldEndTheProcess() {
    assertRefused(arena.allocate(12, 8), DataType.BFLOAT16, new Shape(6));
  }

  @Test
  void refusesAHandleOfAClosedArray() {
    NDArray x = manager.ones(new Shape(2));
    x.close();
    assertThrows(IllegalStateException.class, () -> LibTorch.newHandle(x));
  }

  @Test
  void knowsTheVersionThatIsLoaded() {
    assertEquals(LibTorchVersion.jniVersion(), TorchEngine.version());
    if (System.getProperty("os.name").equals("Linux")) {
      assertEquals(LibTorchVersion.jniVersion(), LibTorchVersion.reported(TorchEngine.symbols()));
    }
  }

  @Test
  void refusesAnotherVersionAndNamesBoth() {
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> LibTorchVersion.requireEqual("2.7.1", "2.5.1", "/opt/torch"));
    assertTrue(e.getMessage().contains("expected=2.7.1, found=2.5.1, path=/opt/torch"));
  }

  @Test
  void computeThreadsHoldForOtherThreadsToo() throws InterruptedException {
    int before = TorchEngine.computeThreads();
    int[] seen = new int[1];
    TorchEngine.computeThreads(1);
    Thread thread = new Thread(() -> seen[0] = TorchEngine.computeThreads());
    thread.start();
    thread.join();
    TorchEngine.computeThreads(before);
    assertEquals(1, seen[0]);
    assertEquals(before, TorchEngine.computeThreads());
  }

  private void assertRefused(MemorySegment memory, DataType type, Shape shape) {
    assertThrows(
        IllegalArgumentException.class,
        () -> LibTorch.tensor(manager, Device.cpu(), memory, type, shape));
  }
}
