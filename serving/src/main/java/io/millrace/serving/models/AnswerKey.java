package io.millrace.serving.models;

/**
 * All that an answer depends on.
 *
 * @param scope what all answers of a version have in common
 * @param node its id
 */
public record AnswerKey(Scope scope, int node) {
  /**
   * What all answers of a version have in common.
   *
   * @param weights fingerprint of the model's weights
   * @param model kind and settings
   * @param dataset fingerprint of the dataset
   * @param mode how neighbourhoods are used
   * @param fanout neighbours per hop
   * @param seed of the samples
   * @param embeddings whether a row has the embedding
   */
  public record Scope(
      String weights,
      String model,
      String dataset,
      String mode,
      String fanout,
      long seed,
      boolean embeddings) {}
}
