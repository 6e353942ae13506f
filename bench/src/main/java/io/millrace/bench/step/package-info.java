/**
 * {@code bench step}: one GraphSAGE training step (forward, backward, Adam) on synthetic layers,
 * with several formulations of the mean over neighbours. Begin with {@link
 * io.millrace.bench.step.StepCommand}; {@code MeanVariant} lists the contenders.
 */
package io.millrace.bench.step;
