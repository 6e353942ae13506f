package io.millrace.training.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.millrace.Internal;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * libtorch's C interface ({@code aoti_torch_*}, torch/csrc/inductor/aoti_torch/c/shim.h), for what
 * DJL does not offer: tensors over memory that Millrace owns.
 *
 * <p>A tensor handle of this interface is what {@link PtNDArray#getHandle()} holds, so arrays pass
 * freely between DJL and here. A wrong argument in native code would crash the JVM without a
 * message. Therefore every argument is checked here, and an error of libtorch becomes an exception
 * (its text goes to standard error). Stateless and thread-safe. The next class to read is {@link
 * TorchOp}.
 */
@Internal
public final class LibTorch {
  private static final MethodHandle NEW_HANDLE =
      function("aoti_torch_new_tensor_handle", JAVA_LONG, ADDRESS);
  private static final MethodHandle DELETE = function("aoti_torch_delete_tensor_object", JAVA_LONG);

  /**
   * Data, number of dimensions, sizes, strides, offset, type, kind and number of device, result.
   */
  private static final MethodHandle FROM_BLOB =
      function(
          "aoti_torch_create_tensor_from_blob",
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          JAVA_LONG,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS);

  private static final MethodHandle DATA = function("aoti_torch_get_data_ptr", JAVA_LONG, ADDRESS);

  /** The values of c10::DeviceType. */
  private static final int CPU = 0;

  private static final int CUDA = 1;

  private LibTorch() {}

  /** A function of the interface; all of them return 0 when they succeed. */
  @SuppressWarnings("restricted")
  static MethodHandle function(String name, MemoryLayout... arguments) {
    MemorySegment symbol =
        TorchEngine.symbols()
            .find(name)
            .orElseThrow(() -> new IllegalStateException("libtorch has no function " + name));
    return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /**
   * Makes an array over memory, without a copy.
   *
   * @param device the device of the memory: on a GPU, {@code memory} holds its addresses, and
   *     libtorch refuses addresses that it does not know
   * @param manager closes the array; the memory stays the caller's, who keeps it alive and
   *     unchanged until the array and everything computed from it, gradients included, are closed
   * @param memory native, row-major, exactly {@code shape.size() * type.getNumOfBytes()} bytes
   */
  public static NDArray tensor(
      NDManager manager, Device device, MemorySegment memory, DataType type, Shape shape) {
    requireFits(memory, type, shape);
    long[] sizes = shape.getShape();
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(JAVA_LONG);
      int code =
          (int)
              FROM_BLOB.invokeExact(
                  memory.address(),
                  (long) sizes.length,
                  arena.allocateFrom(JAVA_LONG, sizes),
                  arena.allocateFrom(JAVA_LONG, strides),
                  0L,
                  scalarType(type),
                  device.isGpu() ? CUDA : CPU,
                  device.isGpu() ? device.getDeviceId() : 0,
                  result);
      requireSuccess(code, "create_tensor_from_blob");
      return new PtNDArray((PtNDManager) manager, result.get(JAVA_LONG, 0));
    } catch (Throwable t) {
      throw rethrow(t);
    }
  }

  private static void requireFits(MemorySegment memory, DataType type, Shape shape) {
    if (!memory.isNative() || !memory.scope().isAlive()) {
      throw new IllegalArgumentException("a tensor needs native memory that is still open");
    }
    long bytes = Math.multiplyExact(shape.size(), type.getNumOfBytes());
    if (memory.byteSize() != bytes || memory.address() % type.getNumOfBytes() != 0) {
      throw new IllegalArgumentException(
          "memory must be aligned and as large as the tensor: bytes=%s, address=%s, shape=%s, type=%s"
              .formatted(memory.byteSize(), memory.address(), shape, type));
    }
  }

  /** The values of c10::ScalarType. */
  private static int scalarType(DataType type) {
    return switch (type) {
      case UINT8 -> 0;
      case INT8 -> 1;
      case INT32 -> 3;
      case INT64 -> 4;
      case FLOAT16 -> 5;
      case FLOAT32 -> 6;
      case FLOAT64 -> 7;
      default -> throw new IllegalArgumentException("no tensor of type " + type);
    };
  }

  /**
   * The memory of an array, valid while the array is open.
   *
   * @param array an array on the CPU that is not a view, because the rows of a view may not be
   *     contiguous
   */
  @SuppressWarnings("restricted")
  public static MemorySegment memory(NDArray array) {
    if (!(array instanceof PtNDArray tensor) || !array.getDevice().equals(Device.cpu())) {
      throw new IllegalArgumentException("not an array of the PyTorch engine on the CPU: " + array);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      requireSuccess((int) DATA.invokeExact((long) tensor.getHandle(), result), "get_data_ptr");
      long bytes = Math.multiplyExact(array.size(), array.getDataType().getNumOfBytes());
      return result.get(ADDRESS, 0).reinterpret(bytes);
    } catch (Throwable t) {
      throw rethrow(t);
    }
  }

  /** A second handle to the array's tensor, for a callee that takes its arguments over. */
  static long newHandle(NDArray array) {
    if (!(array instanceof PtNDArray tensor)) {
      throw new IllegalArgumentException("not an array of the PyTorch engine: " + array);
    }
    long handle = tensor.getHandle(); // fails if the array is closed
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(JAVA_LONG);
      requireSuccess((int) NEW_HANDLE.invokeExact(handle, result), "new_tensor_handle");
      return result.get(JAVA_LONG, 0);
    } catch (Throwable t) {
      throw rethrow(t);
    }
  }

  static void delete(long handle) {
    try {
      requireSuccess((int) DELETE.invokeExact(handle), "delete_tensor_object");
    } catch (Throwable t) {
      throw rethrow(t);
    }
  }

  static void requireSuccess(int code, String function) {
    if (code != 0) {
      throw new IllegalStateException("libtorch refused " + function + ", see standard error");
    }
  }

  /** A method handle declares Throwable; it actually throws a RuntimeException or an Error. */
  static RuntimeException rethrow(Throwable t) {
    return switch (t) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> new IllegalStateException(t);
    };
  }
}
