package io.millrace.training.link;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.Internal;
import io.millrace.sampler.link.LinkPlan;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.training.loss.PairCriterion;
import io.millrace.training.torch.TorchOp;
import io.millrace.training.torch.TorchOp.Kind;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The loss of a batch of links from the embeddings of its seeds. All arrays are in the embeddings'
 * manager and on their device. Stateless.
 *
 * @param sum a scalar, over the positives
 * @param scores float32 {@code [numPairs]}
 * @param answers int64 {@code [numPairs]}: 1 for a link, 0 for a negative, -1 for a pair that does
 *     not count
 */
@Internal
public record PairLoss(NDArray sum, NDArray scores, NDArray answers) {
  private static final TorchOp INDEX_SELECT =
      TorchOp.of("aten::index_select", "", 1, Kind.TENSOR, Kind.INT, Kind.TENSOR);

  /** So low that a cell with it has no part in the softmax. */
  private static final float EXCLUDED = -1e9f;

  /**
   * Binary cross-entropy.
   *
   * @param localIds of the batch's seeds
   * @param x float32 {@code [numSeeds x dim]}
   */
  public static PairLoss binary(LinkSeeds links, int[] localIds, NDArray x, PairDecoder decoder) {
    NDArray scores = decoder.pairs(rows(x, links.src(), localIds), rows(x, links.dst(), localIds));
    int[] numNegatives = new int[links.numPositives()];
    for (int i = links.numPositives(); i < links.numPairs(); i++) {
      numNegatives[links.positive()[i]]++;
    }
    float[] weights = new float[links.numPairs()];
    long[] answers = new long[links.numPairs()];
    for (int i = 0; i < weights.length; i++) {
      boolean linked = i < links.numPositives();
      answers[i] = linked ? 1 : 0;
      weights[i] = linked ? 1 : 1f / numNegatives[links.positive()[i]];
    }
    NDManager manager = x.getManager();
    NDArray targets = manager.create(answers);
    NDArray sum = PairCriterion.binary(scores, targets, manager.create(weights));
    return new PairLoss(sum, scores, targets);
  }

  /**
   * Softmax cross-entropy of each positive over the destinations of the batch. The pairs that are
   * reported are the positives, and the source of each with the destination of the next one.
   */
  public static PairLoss inBatch(
      LinkPlan.Batches batches, LinkSeeds links, int[] localIds, NDArray x, PairDecoder decoder) {
    int count = links.numPositives();
    boolean[] known = batches.knownCells(links);
    NDManager manager = x.getManager();
    NDArray src = rows(x, links.src(), localIds);
    NDArray dst = rows(x, links.dst(), localIds);
    float[] mask = new float[known.length];
    for (int i = 0; i < known.length; i++) {
      mask[i] = known[i] ? EXCLUDED : 0;
    }
    NDArray matrix = decoder.all(src, dst).add(manager.create(mask, new Shape(count, count)));
    int[] next = IntStream.range(0, count).map(i -> links.dst()[(i + 1) % count]).toArray();
    NDArray others = decoder.pairs(src, rows(x, next, localIds));
    NDArray scores = NDArrays.concat(new NDList(decoder.pairs(src, dst), others));
    long[] answers = new long[2 * count];
    Arrays.fill(answers, 0, count, 1);
    for (int i = 0; i < count; i++) {
      int j = (i + 1) % count;
      answers[count + i] = i == j || known[i * count + j] ? -1 : 0;
    }
    return new PairLoss(PairCriterion.softmax(matrix), scores, manager.create(answers));
  }

  /** The rows of some seeds. */
  private static NDArray rows(NDArray x, int[] seeds, int[] localIds) {
    long[] rows = Arrays.stream(seeds).mapToLong(seed -> localIds[seed]).toArray();
    NDManager manager = x.getManager();
    return INDEX_SELECT.call(manager, x, 0L, manager.create(rows));
  }
}
