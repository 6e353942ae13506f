package io.millrace.checks.docs;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.training.nn.Aggregation;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;

/** A block, a loss and an optimizer of DJL on Millrace's batches. */
final class OwnLoop {
  private OwnLoop() {}

  static double train(GraphDataset data) {
    // begin of the example
    TorchEngine.start(); // before DJL starts it with its own settings
    int dim = data.features().dim();
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(64).build())
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(data.labels().numClasses()).build());
    Optimizer adam = Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build();
    Loss loss = Loss.softmaxCrossEntropyLoss();
    try (BatchPipeline pipeline = BatchPipeline.builder(data, Fanout.of(10)).build();
        Model model = Model.newInstance("mine", "PyTorch")) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(loss).optOptimizer(adam))) {
        trainer.initialize(new Shape(1, 2 * dim));
        EpochPlan plan = EpochPlan.of(data.nodes(Split.TRAIN), /* batchSize */ 256, /* seed */ 7);
        for (int epoch = 0; epoch < 5; epoch++) {
          try (BatchStream batches = pipeline.start(plan.epoch(epoch))) {
            while (batches.hasNext()) {
              try (DeviceBatch batch = batches.next();
                  NDManager step = trainer.getManager().newSubManager()) { // frees the arrays
                BatchTensors tensors = BatchTensors.of(step, batch, data.labels());
                try (GradientCollector gradients = trainer.newGradientCollector()) {
                  NDList logits = trainer.forward(inputs(tensors));
                  gradients.backward(loss.evaluate(new NDList(tensors.labels()), logits));
                }
                trainer.step();
              }
            }
          }
        }
        return accuracy(data, pipeline, trainer);
      }
    }
    // end of the example
  }

  // begin of the example
  /** The features of each seed, and the mean of its sampled neighbours' features. */
  static NDList inputs(BatchTensors tensors) {
    MfgTensors hop = tensors.edges().getFirst();
    NDArray x = tensors.features();
    return new NDList(hop.destinations(x).concat(Aggregation.mean(x, hop), 1));
  }

  static double accuracy(GraphDataset data, BatchPipeline pipeline, Trainer trainer) {
    int[] nodes = data.nodes(Split.TEST);
    long right = 0;
    try (BatchStream batches = pipeline.start(EpochPlan.inOrder(nodes, 256, 7).epoch(-1))) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next();
            NDManager step = trainer.getManager().newSubManager()) {
          BatchTensors tensors = BatchTensors.of(step, batch, data.labels());
          NDArray predicted = trainer.evaluate(inputs(tensors)).head().argMax(1);
          right += predicted.eq(tensors.labels()).countNonzero().getLong();
        }
      }
    }
    return (double) right / nodes.length;
  }
  // end of the example
}
