package io.millrace.cli.infer;

import io.millrace.BadInputException;
import io.millrace.datasets.links.NodePairs;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.InferenceResults;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.link.PairScorer;
import io.millrace.training.link.PairScores;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Scores pairs of nodes into {@code scores.npy} of a directory, by embeddings that are computed for
 * the pairs' nodes only and kept in memory.
 */
final class PairFile {
  private static final String SCORES = "scores.npy";

  private PairFile() {}

  /**
   * @param inference of the pairs' nodes, ascending and each once
   * @param scorer of the model of the inference
   * @param nodes these nodes
   * @param out must not exist; nothing is left there after a failure
   */
  static void write(
      GraphInference inference,
      PairScorer scorer,
      NodePairs pairs,
      int[] nodes,
      Path out,
      InferenceListener listener) {
    try (PartialDirectory target = PartialDirectory.forTarget(out);
        PartialDirectory work =
            PartialDirectory.forTarget(out.resolveSibling(out.getFileName() + ".work"))) {
      float[] scores =
          scores(inference, scorer, pairs, nodes, work.path().resolve("rows"), listener);
      try (NpyWriter npy =
          NpyWriter.create(target.resolve(SCORES), NpyType.FLOAT32, scores.length)) {
        npy.write(MemorySegment.ofArray(scores));
        npy.finish();
      }
      target.commit();
    } catch (IOException e) {
      throw BadInputException.of("scores cannot be written", "out", out, "cause", e);
    }
  }

  private static float[] scores(
      GraphInference inference,
      PairScorer scorer,
      NodePairs pairs,
      int[] nodes,
      Path work,
      InferenceListener listener) {
    try (InferenceResults results = inference.results(work, listener)) {
      int dim = results.numClasses();
      long values = (long) nodes.length * dim;
      if (values > Integer.MAX_VALUE - 8) {
        throw BadInputException.of(
            "too many nodes have pairs for their embeddings to be in memory, divide the file",
            "nodes",
            nodes.length,
            "dim",
            dim);
      }
      float[] rows = new float[(int) values];
      int at = 0;
      for (ResultChunk chunk : results) {
        float[] some = chunk.logits();
        System.arraycopy(some, 0, rows, at, some.length);
        at += some.length;
      }
      return new PairScores(nodes, dim, rows, scorer).of(pairs);
    }
  }
}
