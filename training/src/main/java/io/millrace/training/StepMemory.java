package io.millrace.training;

import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.training.nn.Network;
import io.millrace.transfer.DeviceBatch;
import java.util.function.IntUnaryOperator;

/**
 * Refuses a step on the CPU that needs more memory than this process can have; the system would
 * kill the process without a message.
 *
 * <p>What is counted is less than what a step needs, so that nothing is refused that could work:
 * the parameters, their gradients and the optimizer's moments, and of all layers the largest state
 * with its gradient. A GPU says itself what it lacks. Used by the thread that trains.
 */
final class StepMemory {
  /** What every process has. */
  private static final double SMALL = 64 << 20;

  private final Network network;
  private final double parameterBytes;
  private double checked = SMALL;

  /**
   * @param numMoments values that the optimizer keeps of all parameters
   */
  StepMemory(Network network, long numMoments) {
    this.network = network;
    parameterBytes = Float.BYTES * (2.0 * network.numParameters() + numMoments);
  }

  /**
   * Called before the batch is computed; looks at the machine only if the batch is the largest so
   * far.
   *
   * @throws io.millrace.BadInputException if the memory does not suffice
   */
  void require(DeviceBatch batch) {
    double bytes = bytes(batch.numSeeds(), l -> batch.layer(l).numDst());
    if (bytes > checked && !network.manager().getDevice().isGpu()) {
      AvailableMemory.requireAttainable(
          bytes,
          "a step of the training",
          "parameters",
          network.numParameters(),
          "batchSeeds",
          batch.numSeeds());
      checked = bytes;
    }
  }

  /**
   * What a step needs at least.
   *
   * @param numRows rows that a layer with neighbours gives
   */
  double bytes(int numSeeds, IntUnaryOperator numRows) {
    double largest = 0;
    for (int l = 0; l < network.numLayers(); l++) {
      int rows = l < network.numHops() ? numRows.applyAsInt(l) : numSeeds;
      largest = Math.max(largest, (double) Float.BYTES * rows * network.stateDim(l + 1));
    }
    return parameterBytes + 2 * largest;
  }
}
