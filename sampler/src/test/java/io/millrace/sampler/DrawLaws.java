package io.millrace.sampler;

import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeWeights;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Rows to draw from, the subsets that were drawn, and the probabilities that they should have. */
final class DrawLaws {
  /** Every draw from whole rows. */
  static final List<Draw> UNTIMED = Draw.ALL.stream().filter(draw -> !draw.needsTimes()).toList();

  private DrawLaws() {}

  static long seed(int round) {
    return BatchRandom.batchSeed(17, 3, round);
  }

  static NeighborSampler oneRow(Draw draw, float[] weights, int k) {
    int[][] rows = new int[weights.length + 1][0];
    rows[0] = IntStream.rangeClosed(1, weights.length).toArray();
    return builder(rows, weights, draw, Fanout.of(k)).build();
  }

  static int[][] twoRows(int degree) {
    int[][] rows = new int[degree + 2][0];
    rows[0] = IntStream.range(2, degree + 2).toArray();
    rows[1] = rows[0];
    return rows;
  }

  static SamplerBuilder builder(int[][] rows, float[] weights, Draw draw, Fanout fanout) {
    var graph = Graphs.ofRows(rows);
    return NeighborSampler.builder(graph, fanout)
        .draw(draw)
        .edgePositions(true)
        .weights(EdgeWeights.of(graph, MemorySegment.ofArray(weights)));
  }

  /** The ranks drawn from the row of node 0, the only one with edges. */
  static IntStream ranks(SampledBatch batch) {
    MfgLayer layer = batch.layer(0);
    return Arrays.stream(layer.positions(), 0, layer.numEdges()).mapToInt(Math::toIntExact);
  }

  static int subset(SampledBatch batch) {
    return ranks(batch).map(rank -> 1 << rank).reduce(0, (a, b) -> a | b);
  }

  static int rowSubset(MfgLayer layer, int row) {
    int subset = 0;
    for (int e = layer.indptr()[row]; e < layer.indptr()[row + 1]; e++) {
      subset |= 1 << layer.positions()[e] % 4;
    }
    return subset;
  }

  static double[] inclusion(float[] weights, int k) {
    double[] law = subsets(weights, k);
    double[] inclusion = new double[weights.length];
    for (int subset = 0; subset < law.length; subset++) {
      for (int i = 0; i < weights.length; i++) {
        inclusion[i] += (subset >>> i & 1) * law[subset];
      }
    }
    return inclusion;
  }

  /** The probability of every subset under successive sampling of {@code k} edges. */
  static double[] subsets(float[] weights, int k) {
    double[] law = new double[1 << weights.length];
    law[0] = 1;
    for (int step = 0; step < k; step++) {
      double[] next = new double[law.length];
      for (int subset = 0; subset < law.length; subset++) {
        double left = 0;
        for (int i = 0; i < weights.length; i++) {
          left += (subset >>> i & 1) == 0 ? weights[i] : 0;
        }
        for (int i = 0; i < weights.length && law[subset] > 0; i++) {
          if ((subset >>> i & 1) == 0) {
            next[subset | 1 << i] += law[subset] * weights[i] / left;
          }
        }
      }
      law = next;
    }
    return law;
  }
}
