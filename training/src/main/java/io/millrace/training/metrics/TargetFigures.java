package io.millrace.training.metrics;

import java.util.OptionalDouble;

/**
 * The figures of an evaluation that only a regression has, over the known targets.
 *
 * @param r2 the coefficient of determination, as scikit-learn's: {@code 1 - sum((y - p)^2) / sum((y
 *     - m)^2)}, where m is the mean of the targets that were looked at; the mean over several
 *     targets. 1 is the best, 0 what m itself gives; none if all values of each target are the same
 * @param rmse root of the mean squared error, in the targets' units; NaN while training
 * @param mae mean absolute error, in the targets' units; NaN while training
 */
public record TargetFigures(OptionalDouble r2, double rmse, double mae) {}
