package io.millrace.serving.models;

import io.millrace.sampler.LargeNeighborhoodException;
import io.millrace.serving.protocol.RequestException;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.scoring.NodeScorer;
import java.util.Arrays;
import java.util.List;

/** Rows that a scorer computes, which it owns. */
record ScoredRows(NodeScorer scorer) implements RowSource {
  @Override
  public void compute(List<Ask> batch) {
    List<Ask> known = batch.stream().filter(ask -> ask.unknown().isEmpty()).toList();
    if (!known.isEmpty()) {
      computeKnown(known);
    }
    for (Ask ask : batch) {
      ask.unknown().ifPresent(node -> one(ask, () -> scorer.scoreNew(List.of(node))));
    }
  }

  private void computeKnown(List<Ask> known) {
    ResultChunk rows;
    try {
      rows = scorer.score(known.stream().mapToInt(Ask::node).toArray());
    } catch (LargeNeighborhoodException _) { // a node's own; the others shall not suffer
      known.forEach(ask -> one(ask, () -> scorer.score(ask.node())));
      return;
    }
    for (int i = 0; i < known.size(); i++) {
      known.get(i).complete(row(rows, i));
    }
  }

  private interface Scoring {
    ResultChunk rows();
  }

  private static void one(Ask ask, Scoring scoring) {
    try {
      ask.complete(row(scoring.rows(), 0));
    } catch (LargeNeighborhoodException e) {
      ask.answer().completeExceptionally(RequestException.tooLarge(e.getMessage()));
    }
  }

  private static float[] row(ResultChunk rows, int i) {
    float[] probabilities = rows.probabilities(i);
    if (rows.embeddingDim() == 0) {
      return probabilities;
    }
    float[] embedding = rows.embedding(i);
    float[] row = Arrays.copyOf(probabilities, probabilities.length + embedding.length);
    System.arraycopy(embedding, 0, row, probabilities.length, embedding.length);
    return row;
  }

  @Override
  public boolean isStored() {
    return false;
  }

  @Override
  public void close() {
    scorer.close();
  }
}
