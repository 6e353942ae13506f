package io.millrace.slicing.cache;

/**
 * What a training has of its feature cache.
 *
 * @param rows in memory
 * @param bytes of the rows and their index
 * @param predictedHitShare the share of a training batch's rows that should come from the cache, 0
 *     to 1, computed before the training
 * @param measuredHitShare the share that came from it in the epochs of training that this trainer
 *     has run; NaN before the first. Evaluations and predictions are not counted
 */
public record FeatureCacheReport(
    int rows, long bytes, double predictedHitShare, double measuredHitShare) {}
