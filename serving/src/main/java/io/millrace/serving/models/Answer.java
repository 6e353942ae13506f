package io.millrace.serving.models;

import java.util.List;
import java.util.Optional;

/**
 * What a model says about some nodes.
 *
 * @param version that answered
 * @param usedModels the models that answered, where several were asked; empty otherwise
 * @param draw under which feedback can judge it, where its model was drawn
 * @param rows for each node its probabilities, then its embedding
 * @param readyAt when the last of them was computed, by {@link System#nanoTime}
 */
public record Answer(
    String version,
    List<String> usedModels,
    Optional<String> draw,
    List<float[]> rows,
    long readyAt) {}
