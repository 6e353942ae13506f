package io.millrace.training.metrics;

/**
 * What the {@link Metric.Meter} of a user's own metric found.
 *
 * @param key of the metric
 * @param value NaN if it was not defined
 */
public record OwnFigure(String key, double value) {}
