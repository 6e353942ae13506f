package io.millrace.training.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.LibTorch;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.Scalars;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A gradient in host memory in one piece, with what its batch adds to the running statistics: the
 * statistics first. Owns its arrays, which are views of the memory; the memory is the arena's.
 *
 * @param memory float32
 */
record FlatGradient(MemorySegment memory, List<NDArray> statistics, List<NDArray> gradients)
    implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  /**
   * @param arena whose memory any thread may use, because a collective's threads read it
   * @param statistics of the network, for their shapes
   */
  static FlatGradient of(Arena arena, Network network, List<NDArray> statistics) {
    return over(arena.allocate(bytes(network, statistics), ALIGNMENT), network, statistics);
  }

  /** A view of memory of {@link #bytes} that is there already. */
  static FlatGradient over(MemorySegment memory, Network network, List<NDArray> statistics) {
    List<Shape> first = shapes(statistics);
    List<Shape> second = shapes(network.learned().values());
    long middle = bytes(first);
    return new FlatGradient(
        memory, arrays(network, memory, 0, first), arrays(network, memory, middle, second));
  }

  /** How much memory one takes. */
  static long bytes(Network network, List<NDArray> statistics) {
    return bytes(shapes(statistics)) + bytes(shapes(network.learned().values()));
  }

  private static List<Shape> shapes(Collection<NDArray> arrays) {
    return arrays.stream().map(NDArray::getShape).toList();
  }

  private static long bytes(List<Shape> shapes) {
    return shapes.stream().mapToLong(Shape::size).sum() * Float.BYTES;
  }

  private static List<NDArray> arrays(
      Network network, MemorySegment memory, long begin, List<Shape> shapes) {
    List<NDArray> arrays = new ArrayList<>();
    long at = begin;
    for (Shape shape : shapes) {
      long bytes = shape.size() * Float.BYTES;
      NDArray array =
          LibTorch.tensor(
              network.manager(), Device.cpu(), memory.asSlice(at, bytes), DataType.FLOAT32, shape);
      NDScope.unregister(array); // it outlives the step
      arrays.add(array);
      at += bytes;
    }
    return arrays;
  }

  /** A rank may have no label in the first step; its gradients are zeros then, not undefined. */
  static void define(Network network) {
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.on()) {
      scope.suppressNotUsedWarning();
      for (NDArray parameter : network.learned().values()) {
        NDArray zero = parameter.mul(Scalars.like(parameter, 0)).sum();
        JniUtils.backward((PtNDArray) zero, (PtNDArray) zero.onesLike(), false, false);
        JniUtils.zeroGrad((PtNDArray) parameter);
      }
    }
  }

  /** The gradients that a network holds. */
  static List<NDArray> of(Network network) {
    return network.learned().values().stream().map(NDArray::getGradient).toList();
  }

  static void copy(List<NDArray> from, List<NDArray> to) {
    for (int i = 0; i < from.size(); i++) {
      NamedArrays.copy(from.get(i), to.get(i));
    }
  }

  @Override
  public void close() {
    statistics.forEach(NDArray::close);
    gradients.forEach(NDArray::close);
  }
}
