package io.millrace.training.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One aten operator, called by name through libtorch's dispatcher, which records it for autograd.
 * It serves models that need an operator that DJL lacks.
 *
 * <p>It is made once with its signature, as in native_functions.yaml of PyTorch, and called with
 * values of exactly these kinds. All results must be tensors. Arguments and results travel on a
 * stack of 8-byte cells, {@code max(numArguments, numResults)} of them:
 *
 * <pre>
 *   TENSOR           a handle; the callee takes it over
 *   OPTIONAL_TENSOR  0 for none, else the address of a cell with a handle; the callee frees both
 *   OPTIONAL_INT     0 for none, else the address of a cell with the value; the callee frees it
 *   INT, BOOL        the value
 *   FLOAT            the bits of a double
 * </pre>
 *
 * Lists, strings and Scalars cannot be passed. Values are checked against the signature given here,
 * but the signature itself is not checked: a wrong one crashes the JVM. Immutable and thread-safe.
 */
public final class TorchOp {
  /** The kinds of arguments that the stack can carry, and the Java type of each. */
  public enum Kind {
    TENSOR(NDArray.class),
    /** An {@code Optional<NDArray>}. */
    OPTIONAL_TENSOR(Optional.class),
    /** An {@code OptionalLong}. */
    OPTIONAL_INT(OptionalLong.class),
    INT(Long.class),
    FLOAT(Double.class),
    BOOL(Boolean.class);

    private final Class<?> type;

    Kind(Class<?> type) {
      this.type = type;
    }

    boolean accepts(Object value) {
      return type.isInstance(value)
          && !(value instanceof Optional<?> some
              && some.isPresent()
              && !(some.get() instanceof NDArray));
    }
  }

  /** Name, overload, stack. */
  private static final MethodHandle CALL =
      LibTorch.function("aoti_torch_call_dispatcher", ADDRESS, ADDRESS, ADDRESS);

  private static final MethodHandle MALLOC = malloc();
  private static final long NONE = 0;

  private final String name;
  private final MemorySegment nativeName;
  private final MemorySegment nativeOverload;
  private final int numResults;
  private final List<Kind> kinds;

  private TorchOp(String name, String overload, int numResults, List<Kind> kinds) {
    this.name = name;
    this.nativeName = Arena.global().allocateFrom(name);
    this.nativeOverload = Arena.global().allocateFrom(overload);
    this.numResults = numResults;
    this.kinds = kinds;
  }

  /**
   * @param name for instance {@code aten::mm}
   * @param overload the part after the name's dot, often empty
   */
  public static TorchOp of(String name, String overload, int numResults, Kind... kinds) {
    return new TorchOp(name, overload, numResults, List.of(kinds));
  }

  /**
   * Calls the operator and returns the first result; any others are dropped.
   *
   * @param manager closes the result
   * @param values the arguments, each of the type of its {@link Kind} in the signature
   */
  public NDArray call(NDManager manager, Object... values) {
    requireSignature(values);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stack = arena.allocate(JAVA_LONG, Math.max(values.length, numResults));
      for (int i = 0; i < values.length; i++) {
        stack.setAtIndex(JAVA_LONG, i, cell(values[i]));
      }
      LibTorch.requireSuccess((int) CALL.invokeExact(nativeName, nativeOverload, stack), name);
      for (int i = 1; i < numResults; i++) {
        LibTorch.delete(stack.getAtIndex(JAVA_LONG, i));
      }
      return new PtNDArray((PtNDManager) manager, stack.getAtIndex(JAVA_LONG, 0));
    } catch (Throwable t) {
      throw LibTorch.rethrow(t);
    }
  }

  /** Checks all values before the first handle is made, so a refusal leaks nothing. */
  private void requireSignature(Object[] values) {
    if (values.length != kinds.size()) {
      throw new IllegalArgumentException(
          "%s takes %s arguments, not %s".formatted(name, kinds.size(), values.length));
    }
    for (int i = 0; i < values.length; i++) {
      if (!kinds.get(i).accepts(values[i])) {
        throw new IllegalArgumentException(
            "%s takes %s as argument %s, not %s"
                .formatted(name, kinds.get(i), i, typeOf(values[i])));
      }
      Object value =
          values[i] instanceof Optional<?> some && some.isPresent() ? some.get() : values[i];
      if (value instanceof PtNDArray array) {
        array.getHandle(); // fails if the array is closed
      }
    }
  }

  private static String typeOf(Object value) {
    return value == null ? "null" : value.getClass().getSimpleName();
  }

  private static long cell(Object value) throws Throwable {
    return switch (value) {
      case NDArray array -> LibTorch.newHandle(array);
      case Optional<?> some when some.isPresent() -> boxed(cell(some.get()));
      case OptionalLong some when some.isPresent() -> boxed(some.getAsLong());
      case Optional<?> _, OptionalLong _ -> NONE;
      case Long number -> number;
      case Double number -> Double.doubleToRawLongBits(number);
      case Boolean flag -> flag ? 1L : 0L;
      default -> throw new IllegalArgumentException("not an argument: " + value);
    };
  }

  @SuppressWarnings("restricted")
  private static long boxed(long value) throws Throwable {
    MemorySegment cell = (MemorySegment) MALLOC.invokeExact(Long.BYTES + 0L);
    cell.reinterpret(Long.BYTES).set(JAVA_LONG, 0, value);
    return cell.address();
  }

  @SuppressWarnings("restricted")
  private static MethodHandle malloc() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("malloc"), FunctionDescriptor.of(ADDRESS, JAVA_LONG));
  }
}
