package io.millrace.training.optim;

import io.millrace.Internal;
import java.util.Optional;

/**
 * How a {@code GraphTrainer} learns; {@code TrainerBuilder} says what each component means.
 *
 * @param optimizer the rule by which the weights follow their gradients
 * @param learningRate that the schedule multiplies
 * @param clipNorm the longest that the gradient may be
 */
@Internal
public record OptimizerSettings(
    Optimizer optimizer,
    double learningRate,
    double weightDecay,
    Schedule schedule,
    Optional<Double> clipNorm) {}
