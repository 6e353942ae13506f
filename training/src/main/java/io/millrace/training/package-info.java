/**
 * Trains a model on a dataset: the loop over epochs, evaluation, checkpoints.
 *
 * <p>Begin with {@link io.millrace.training.GraphTrainer}, which is also the first class of the
 * path from a training down to the sampler. {@link io.millrace.training.TrainerBuilder} has the
 * settings. What is learned is a {@link io.millrace.training.task.Task}.
 *
 * <p><b>Where the gradient is applied</b>: {@code TrainingStep.update}, which hands it to {@code
 * OptimizerState} of the package {@code optim}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Evaluation has random keys of its own.</b> A split is evaluated in an epoch with a
 *       negative number that belongs to the split. Its neighbourhoods are the same each time, and
 *       no training batch and no other split has them.
 *   <li><b>{@code fit} ends the training.</b> It returns to the weights of the best epoch, but the
 *       optimizer's moments are those of the last epoch, so training must not continue from there.
 *       The checkpoint has the weights of the last epoch, and more epochs resume from it. {@code
 *       restoreBest()} of a loop of your own ends the training for the same reason.
 *   <li><b>The learning rate of a training that resumes is changed on the trainer</b>, not on the
 *       builder, whose settings must be those of the checkpoint. So another rate is always an
 *       explicit call, and the checkpoints that follow store it.
 *   <li><b>A checkpoint is one safetensors file</b> next to the model. Weights, moments and best
 *       weights are tensors; settings, the dataset's fingerprint, the position and the latest
 *       reports are metadata. Earlier reports are appended to a file next to it ({@code
 *       EpochHistory}), so its size does not depend on the number of epochs. It holds the best
 *       weights itself, because the model file may be an epoch ahead when a process dies between
 *       the two writes. Every setting that the weights depend on is compared, and the first that
 *       differs is named with both values.
 *   <li><b>The names of settings in a checkpoint are kept in a table</b> (SettingsText), so a class
 *       can be renamed and old checkpoints still resume.
 *   <li><b>A checkpoint holds no generator state.</b> A dropout mask is a function of (seed, epoch,
 *       batch, number of the mask, position). On a GPU, torch's generator is seeded for each batch.
 *       So a training also resumes within an epoch, bit for bit on a device of the same kind; the
 *       exception are maxima on a GPU, where libtorch adds gradients in no fixed order.
 *   <li><b>Virtual nodes are smaller batches to the pipeline</b> (VirtualFlow, MLSys 2022): V
 *       consecutive batches make a step. Each is sampled, normalised and dropped out on its own and
 *       adds its gradient, weighted by its share of the loss's terms. K of them are computed
 *       forward at a time, then backward in order, so K decides about memory and about how often
 *       the host waits for the device; every K gives the same bits. One forward pass over K of them
 *       would mix their batch statistics.
 *   <li><b>An epoch ends with the batch statistics of its final weights</b>, see {@link
 *       io.millrace.training.PopulationStatistics}. On amazon-computers, with 767 features of 0 and
 *       1, running means let the validation accuracy jump between 84 and 91 % from epoch to epoch.
 *       With 8 further steps forward only, the test accuracy is 92.0 ± 0.2 (3 runs) instead of 90.6
 *       ± 0.5 (10 runs). {@code epoch_seconds} does not include these steps.
 *   <li><b>A loss that is not finite is reported up to 16 batches late on a GPU</b>, after the
 *       model has learned from it. Reading each loss would make host and GPU wait for each other at
 *       every batch. The training still ends, and the message names the batch.
 *   <li><b>{@code GraphTrainer} and {@code TrainerBuilder} are longer than other files</b>, because
 *       they are what a user's program holds, and a third of their lines is its Javadoc. The
 *       builder is the list of all settings: a field, a method and its Javadoc for each. Two
 *       builders, or groups of settings with builders of their own, would let a user search in the
 *       wrong one. The trainer does little itself: epochs are in {@code EpochLoop}, {@code fit} in
 *       {@code FitLoop}, evaluations in {@code Evaluator}, weights and checkpoints in {@code
 *       TrainingState}. It decides only what may be called when.
 * </ul>
 */
package io.millrace.training;
