package io.millrace.serving.models;

/**
 * What an answer looks like.
 *
 * @param numClasses columns of the probabilities
 * @param multiLabel whether a node can have several labels
 * @param embeddingDim columns of the embeddings; 0 if there are none
 * @param inputDim columns of the features
 */
public record ModelShape(int numClasses, boolean multiLabel, int embeddingDim, int inputDim) {}
