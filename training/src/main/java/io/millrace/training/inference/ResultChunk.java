package io.millrace.training.inference;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The results of some nodes.
 *
 * @param nodes their ids {@code [n]}
 * @param numClasses columns of the logits
 * @param multiLabel whether a node can have several labels, as in the training data
 * @param logits {@code [n x numClasses]}, row-major; the mean of several samples. Of a model of
 *     targets these are the predicted values, and nothing here about classes applies
 * @param embeddingDim columns of the embeddings, 0 if they were not requested
 * @param embeddings {@code [n x embeddingDim]}, row-major
 */
public record ResultChunk(
    int[] nodes,
    int numClasses,
    boolean multiLabel,
    float[] logits,
    int embeddingDim,
    float[] embeddings) {
  public int size() {
    return nodes.length;
  }

  /** The class of the greatest logit; ties go to the first. */
  public int predicted(int i) {
    int row = i * numClasses;
    int best = 0;
    for (int c = 1; c < numClasses; c++) {
      best = logits[row + c] > logits[row + best] ? c : best;
    }
    return best;
  }

  /** The class of each node {@code [n]}, see {@link #predicted}. */
  public int[] classes() {
    return IntStream.range(0, size()).map(this::predicted).toArray();
  }

  /** Whether a node is predicted to have a label, for data where a node can have several. */
  public boolean has(int i, int label) {
    return logits[i * numClasses + label] > 0;
  }

  /** The softmax of a row of logits; where a node can have several labels, the sigmoid of each. */
  public float[] probabilities(int i) {
    return multiLabel ? sigmoid(i * numClasses) : softmax(i);
  }

  /** The probabilities of all nodes, {@code [n x numClasses]}, row-major. */
  public float[] probabilities() {
    float[] all = new float[logits.length];
    for (int i = 0; i < size(); i++) {
      System.arraycopy(probabilities(i), 0, all, i * numClasses, numClasses);
    }
    return all;
  }

  private float[] sigmoid(int row) {
    float[] shares = new float[numClasses];
    for (int c = 0; c < numClasses; c++) {
      shares[c] = (float) (1 / (1 + Math.exp(-logits[row + c])));
    }
    return shares;
  }

  private float[] softmax(int i) {
    int row = i * numClasses;
    double greatest = logits[row + predicted(i)];
    double[] exp = new double[numClasses];
    double sum = 0;
    for (int c = 0; c < numClasses; c++) {
      exp[c] = Math.exp(logits[row + c] - greatest);
      sum += exp[c];
    }
    float[] shares = new float[numClasses];
    for (int c = 0; c < numClasses; c++) {
      shares[c] = (float) (exp[c] / sum);
    }
    return shares;
  }

  /** The k most probable classes, the most probable first; ties are in the order of the classes. */
  public int[] top(int i, int k) {
    int row = i * numClasses;
    return IntStream.range(0, numClasses)
        .boxed()
        .sorted((a, b) -> Float.compare(logits[row + b], logits[row + a]))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** A node's embedding. */
  public float[] embedding(int i) {
    return Arrays.copyOfRange(embeddings, i * embeddingDim, (i + 1) * embeddingDim);
  }
}
