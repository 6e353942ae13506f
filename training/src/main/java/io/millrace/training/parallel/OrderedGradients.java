package io.millrace.training.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.ranks.Collective;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.LibTorch;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.Scalars;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the gradients of all ranks in the order of the virtual nodes, so that the sum has the
 * bits that one process gives.
 *
 * <p>The gradient of each virtual node is moved out of the network into host memory, together with
 * what the node adds to the running statistics. At the end of the step {@link
 * Collective#foldInOrder} gives the sum over all ranks, which goes back into the network. Owns the
 * memory: one gradient for each virtual node of the rank and one for the sum.
 */
final class OrderedGradients implements GradientSync {
  private static final int ALIGNMENT = 64;

  /** A gradient in host memory: arrays over parts of it, which are closed by the arena's owner. */
  private record Flat(MemorySegment memory, List<NDArray> statistics, List<NDArray> gradients) {
    void close() {
      statistics.forEach(NDArray::close);
      gradients.forEach(NDArray::close);
    }
  }

  private final Collective collective;
  private final Network network;
  private final Arena arena = Arena.ofShared(); // the collective's threads read it
  private final List<Flat> parts = new ArrayList<>();
  private Flat sum;
  private int numForward;
  private int numBackward;

  OrderedGradients(Collective collective, Network network) {
    this.collective = collective;
    this.network = network;
    defineGradients();
  }

  /** A rank may have no label in the first step; its gradients are zeros then, not undefined. */
  private void defineGradients() {
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

  @Override
  public void forwardDone(RunningStatistics statistics) {
    List<NDArray> added = statistics.sums();
    if (numForward == parts.size()) {
      parts.add(newFlat(added));
    }
    copy(added, parts.get(numForward++).statistics());
    statistics.clear();
  }

  @Override
  public void backwardDone() {
    List<NDArray> gradients = gradients();
    copy(gradients, parts.get(numBackward++).gradients());
    network.zeroGradients();
  }

  @Override
  public void stepDone(RunningStatistics statistics) {
    if (sum == null) {
      sum = newFlat(statistics.sums());
    }
    List<MemorySegment> own = parts.subList(0, numBackward).stream().map(Flat::memory).toList();
    numForward = 0;
    numBackward = 0;
    collective.foldInOrder(own, sum.memory());
    copy(sum.statistics(), statistics.sums());
    copy(sum.gradients(), gradients());
  }

  private List<NDArray> gradients() {
    return network.learned().values().stream().map(NDArray::getGradient).toList();
  }

  private static void copy(List<NDArray> from, List<NDArray> to) {
    for (int i = 0; i < from.size(); i++) {
      NamedArrays.copy(from.get(i), to.get(i));
    }
  }

  private Flat newFlat(List<NDArray> statistics) {
    List<Shape> first = statistics.stream().map(NDArray::getShape).toList();
    List<Shape> second = network.learned().values().stream().map(NDArray::getShape).toList();
    long floats =
        first.stream().mapToLong(Shape::size).sum() + second.stream().mapToLong(Shape::size).sum();
    MemorySegment memory = arena.allocate(floats * Float.BYTES, ALIGNMENT);
    long middle = first.stream().mapToLong(Shape::size).sum() * Float.BYTES;
    return new Flat(memory, arrays(memory, 0, first), arrays(memory, middle, second));
  }

  private List<NDArray> arrays(MemorySegment memory, long begin, List<Shape> shapes) {
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

  @Override
  public void close() {
    parts.forEach(Flat::close);
    if (sum != null) {
      sum.close();
    }
    arena.close();
  }
}
