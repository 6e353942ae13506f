package io.millrace.bench.step;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.List;

/**
 * One formulation of the mean in whole training steps: forward, loss, backward, Adam, by DJL's own
 * trainer. Owns the network; {@link #close} frees it. Used by one thread.
 */
final class StepContender implements AutoCloseable {
  private static final float LEARNING_RATE = 1e-3f;

  private final MeanVariant mean;
  private final Model model;
  private final Trainer trainer;
  private final NDList inputs = new NDList();
  private final NDArray labels;

  /** Contenders of the same settings begin with the same weights. */
  StepContender(MeanVariant mean, List<StepLayer> layers, StepSettings settings) {
    this.mean = mean;
    model = Model.newInstance("step", Device.cpu(), "PyTorch");
    model.setBlock(new StepBlock(mean, layers.size(), settings.widths()));
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(
                    Optimizer.adam().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build())
                .optDevices(new Device[] {Device.cpu()}));
    NDManager manager = trainer.getManager();
    manager.getEngine().setRandomSeed((int) settings.seed());
    trainer.initialize(new Shape(1, StepSettings.INPUT_DIM));
    Shape shape = new Shape(layers.getFirst().numSrc(), StepSettings.INPUT_DIM);
    inputs.add(manager.randomNormal(shape));
    for (StepLayer layer : layers) {
      inputs.add(manager.create(layer.indices()));
      inputs.add(manager.create(layer.indptr()));
    }
    int numSeeds = layers.getLast().numDst();
    labels = manager.arange(numSeeds).mod(StepSettings.NUM_CLASSES).reshape(-1, 1);
  }

  MeanVariant mean() {
    return mean;
  }

  /** Returns the loss before the step. */
  double step() {
    double loss;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      loss = backward();
    }
    trainer.step(); // outside the scope, for Adam's moments are made here and stay
    return loss;
  }

  private double backward() {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDArray loss = trainer.getLoss().evaluate(new NDList(labels), trainer.forward(inputs));
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
