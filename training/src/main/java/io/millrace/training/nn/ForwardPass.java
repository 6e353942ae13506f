package io.millrace.training.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import io.millrace.Internal;
import io.millrace.sampler.BatchRandom;
import io.millrace.training.torch.LibTorch;

/**
 * One way through a network: where its parameters are, and whether it is to learn from what comes
 * out. One thread.
 */
public final class ForwardPass {
  /** DJL counts what is kept, torch what is taken over: torch's momentum is 0.1. */
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

  /** To learn: with dropout, and the statistics of the batch. */
  @Internal
  public static ForwardPass training(ParameterStore store, long dropoutSeed) {
    return new ForwardPass(store, true, dropoutSeed, KEPT);
  }

  /**
   * As to learn, but for what batch normalisation makes of the batch's statistics.
   *
   * @param kept share of its running statistics that stays, in [0, 1)
   */
  static ForwardPass measuring(ParameterStore store, long dropoutSeed, float kept) {
    return new ForwardPass(store, true, dropoutSeed, kept);
  }

  static ForwardPass prediction(ParameterStore store) {
    return new ForwardPass(store, false, 0, 1);
  }

  /** Of the parameters, for DJL's own blocks. */
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

  /** A parameter's present value, on a device. */
  public NDArray value(Parameter parameter, Device device) {
    return store.getValue(parameter, device, training);
  }

  /**
   * In training, sets a share of the values to 0 and divides the others by what is left. On the CPU
   * which ones is a function of the pass's seed and of how many times it was asked before, see
   * {@link DropoutMask}; on a GPU torch draws them there.
   *
   * @param x float32, of any shape
   * @param share in [0, 1)
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
