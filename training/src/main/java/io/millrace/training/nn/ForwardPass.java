package io.millrace.training.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import io.millrace.Internal;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.training.torch.LibTorch;

/**
 * One forward pass through a network: where the parameters are, and whether it is for training or
 * for prediction. One thread.
 */
public final class ForwardPass {
  /**
   * DJL states the share that is kept, torch the share that is replaced: torch's momentum is 0.1.
   */
  private static final float KEPT = 0.9f;

  private final ParameterStore store;
  private final boolean training;
  private final long seed;
  private final float keptStatistics;
  private int numMasks;

  private ForwardPass(ParameterStore store, boolean training, long seed, float keptStatistics) {
    this.store = store;
    this.training = training;
    this.seed = seed;
    this.keptStatistics = keptStatistics;
  }

  /** A training pass: with dropout, and with the statistics of the batch. */
  @Internal
  public static ForwardPass training(ParameterStore store, long dropoutSeed) {
    return new ForwardPass(store, true, dropoutSeed, KEPT);
  }

  /**
   * A training pass in which batch normalisation keeps a given share of its running statistics.
   *
   * @param kept share of the running statistics that stays, in [0, 1)
   */
  static ForwardPass measuring(ParameterStore store, long dropoutSeed, float kept) {
    return new ForwardPass(store, true, dropoutSeed, kept);
  }

  static ForwardPass prediction(ParameterStore store) {
    return new ForwardPass(store, false, 0, 1);
  }

  /** The store of the parameters, for DJL's own blocks. */
  public ParameterStore store() {
    return store;
  }

  public boolean training() {
    return training;
  }

  /** The share of its running statistics that batch normalisation keeps in training. */
  float keptStatistics() {
    return keptStatistics;
  }

  /** The current value of a parameter, on a device. */
  public NDArray value(Parameter parameter, Device device) {
    return store.getValue(parameter, device, training);
  }

  /**
   * In training, sets a share of the values to 0 and divides the others by the remaining share. On
   * the CPU the choice is a function of the pass's seed and of the number of earlier calls, see
   * {@code DropoutMask}; on a GPU torch draws it there.
   *
   * @param x float32, of any shape
   * @param share share of the values that is set to 0, in [0, 1)
   */
  public NDArray dropout(NDArray x, double share) {
    if (!training || share == 0) {
      return x;
    }
    if (!x.getDevice().equals(Device.cpu())) {
      return Dropout.dropout(x, (float) share, true).head();
    }
    NDArray mask = x.getManager().create(x.getShape(), DataType.FLOAT32);
    DropoutMask.fill(LibTorch.memory(mask), share, BatchRandom.key(seed, numMasks++));
    return x.mul(mask);
  }
}
