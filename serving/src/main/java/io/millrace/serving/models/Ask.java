package io.millrace.serving.models;

import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.batching.Batcher;
import io.millrace.serving.protocol.RequestException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One node that somebody waits for.
 *
 * @param node its id; without meaning for a new one
 * @param unknown a new node
 * @param since when it was asked for
 * @param answer receives the row
 */
record Ask(int node, Optional<NewNode> unknown, long since, CompletableFuture<float[]> answer)
    implements Batcher.Work {
  static Ask of(int node, CompletableFuture<float[]> answer) {
    return new Ask(node, Optional.empty(), System.nanoTime(), answer);
  }

  /** Completes it; a row that is not finite fails, because JSON has no such number. */
  void complete(float[] row) {
    for (float value : row) {
      if (!Float.isFinite(value)) {
        answer.completeExceptionally(
            RequestException.of(500, "the model gives no finite number", "value", value));
        return;
      }
    }
    answer.complete(row);
  }

  static Ask of(NewNode node) {
    return new Ask(-1, Optional.of(node), System.nanoTime(), new CompletableFuture<>());
  }
}
