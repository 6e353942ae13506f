package io.millrace.training.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.LibTorch;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.Scalars;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;

/**
 * The gradient of a network, copied to host memory and back in one piece: what a batch adds to the
 * running statistics comes first in the memory, and then the gradient of each parameter.
 *
 * <p>The network keeps the same arrays for its gradients, since every backward pass adds to them,
 * and every step sets them to zero. So they are asked for once. Those of the CPU are memory, and
 * are copied without libtorch, because its calls take longer than the copies of a small model.
 *
 * <p>Owns its views of the network's arrays. One thread.
 */
final class NetworkGradient implements AutoCloseable {
  private final Network network;
  private final List<NDArray> gradients;

  /** The network's gradients are zeros from now on if there are none yet. */
  NetworkGradient(Network network) {
    this.network = network;
    define(network);
    gradients = network.learned().values().stream().map(NDArray::getGradient).toList();
    gradients.forEach(it -> NDScope.unregister(it)); // they outlive the step
  }

  /** A rank may have no label in the first step; its gradients are zeros then, not undefined. */
  private static void define(Network network) {
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

  /** How much memory it takes, with the statistics. */
  long bytes(RunningStatistics statistics) {
    return bytes(statistics.sums()) + bytes(gradients);
  }

  private static long bytes(Collection<NDArray> arrays) {
    return arrays.stream().mapToLong(NDArray::size).sum() * Float.BYTES;
  }

  /**
   * Moves what was added to the statistics, which begin again from zeros.
   *
   * @param memory float32, of {@link #bytes}
   */
  void moveStatistics(RunningStatistics statistics, MemorySegment memory) {
    copy(statistics.sums(), memory);
    statistics.clear();
  }

  /**
   * Moves the gradient, which begins again from zeros.
   *
   * @param memory as for {@link #moveStatistics}
   */
  void moveGradient(MemorySegment memory) {
    copyGradient(memory);
    network.zeroGradients();
  }

  /** Copies statistics and gradient. */
  void copyTo(MemorySegment memory, RunningStatistics statistics) {
    copy(statistics.sums(), memory);
    copyGradient(memory);
  }

  private void copyGradient(MemorySegment memory) {
    copy(gradients, memory.asSlice(memory.byteSize() - bytes(gradients)));
  }

  /** Overwrites statistics and gradient. */
  void setFrom(MemorySegment memory, RunningStatistics statistics) {
    List<NDArray> sums = statistics.sums();
    set(sums, memory);
    set(gradients, memory.asSlice(bytes(sums)));
  }

  private static void copy(List<NDArray> arrays, MemorySegment memory) {
    long at = 0;
    for (NDArray array : arrays) {
      MemorySegment part = memory.asSlice(at, bytes(List.of(array)));
      if (isOnHost(array)) {
        part.copyFrom(LibTorch.memory(array));
      } else {
        try (NDArray target = view(array, part)) {
          NamedArrays.copy(array, target);
        }
      }
      at += part.byteSize();
    }
  }

  private static void set(List<NDArray> arrays, MemorySegment memory) {
    long at = 0;
    for (NDArray array : arrays) {
      MemorySegment part = memory.asSlice(at, bytes(List.of(array)));
      if (isOnHost(array)) {
        LibTorch.memory(array).copyFrom(part);
      } else {
        try (NDArray source = view(array, part)) {
          NamedArrays.copy(source, array);
        }
      }
      at += part.byteSize();
    }
  }

  private static boolean isOnHost(NDArray array) {
    return array.getDevice().equals(Device.cpu());
  }

  private static NDArray view(NDArray like, MemorySegment memory) {
    return LibTorch.tensor(
        like.getManager(), Device.cpu(), memory, DataType.FLOAT32, like.getShape());
  }

  @Override
  public void close() {
    gradients.forEach(NDArray::close);
  }
}
