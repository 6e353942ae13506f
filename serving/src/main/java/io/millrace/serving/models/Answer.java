package io.millrace.serving.models;

import java.util.List;

/**
 * What a model says about some nodes.
 *
 * @param version that answered
 * @param usedModels the models that answered, where several were asked; empty otherwise
 * @param rows for each node its probabilities, then its embedding
 */
public record Answer(String version, List<String> usedModels, List<float[]> rows) {}
