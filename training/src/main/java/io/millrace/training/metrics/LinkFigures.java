package io.millrace.training.metrics;

/**
 * The figures of an evaluation that only link prediction has, see {@link LinkMetrics}.
 *
 * @param averagePrecision over all pairs
 * @param mrr mean reciprocal rank of each link among its own negatives
 * @param hits50 Hits@50, against the negatives of all links
 */
public record LinkFigures(double averagePrecision, double mrr, double hits50) {}
