/**
 * Optimizers and learning rate schedules, with the formulas and defaults of torch.optim.
 *
 * <p>Begin with {@link io.millrace.training.optim.Optimizer} and {@link
 * io.millrace.training.optim.Schedule}, which are values. OptimizerState and LearningRate are what
 * a training updates.
 *
 * <p>Decision: <b>a schedule is a function of the step</b>. Only a plateau has state, three
 * numbers. The optimizer's state has torch's names. A checkpoint restores both exactly.
 */
package io.millrace.training.optim;
