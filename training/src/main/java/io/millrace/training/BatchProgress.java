package io.millrace.training;

/**
 * How far an epoch is, after a batch.
 *
 * @param epoch from 0
 * @param batch of {@code numBatches}, from 0
 * @param loss mean per training node since the epoch began
 * @param waitShare share of the epoch that the model has waited for data, 0 to 1
 */
public record BatchProgress(int epoch, int batch, int numBatches, double loss, double waitShare) {}
